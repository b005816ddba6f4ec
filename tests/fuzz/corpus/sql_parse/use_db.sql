use db
