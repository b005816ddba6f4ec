create schema authorization u
