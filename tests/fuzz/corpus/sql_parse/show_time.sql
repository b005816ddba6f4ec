show time zone
