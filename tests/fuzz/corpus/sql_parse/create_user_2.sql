create user u password disable
