comment on constraint c on t is 'y'
