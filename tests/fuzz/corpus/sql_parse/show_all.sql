show all
