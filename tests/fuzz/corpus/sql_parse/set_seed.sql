set seed to .5
