create database d with owner = x connection limit unlimited collate ci isolation level snapshot
