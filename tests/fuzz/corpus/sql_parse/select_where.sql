select 1 where a in ()
