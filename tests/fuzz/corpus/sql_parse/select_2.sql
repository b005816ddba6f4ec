select '
