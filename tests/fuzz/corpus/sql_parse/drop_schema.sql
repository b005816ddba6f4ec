drop schema s restrict
