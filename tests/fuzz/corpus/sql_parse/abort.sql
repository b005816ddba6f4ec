abort
