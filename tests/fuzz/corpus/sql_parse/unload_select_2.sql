unload ($$select 'a' from$$) to 's3://x'
