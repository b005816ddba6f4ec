unload (select 1) to 'x'
