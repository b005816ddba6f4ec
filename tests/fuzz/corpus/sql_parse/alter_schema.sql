alter schema s quota unlimited
