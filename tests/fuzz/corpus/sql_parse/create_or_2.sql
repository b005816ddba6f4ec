create or replace procedure p(a int) as $$ begin; end; $$ language plpgsql; select 1
