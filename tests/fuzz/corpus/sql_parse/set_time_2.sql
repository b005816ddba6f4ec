set time zone interval '-1' hour
