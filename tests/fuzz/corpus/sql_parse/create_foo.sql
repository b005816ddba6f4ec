create foo bar
