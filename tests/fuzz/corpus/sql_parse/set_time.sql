set time zone local
