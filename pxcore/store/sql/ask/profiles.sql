-- one row per saved mapping profile
select name, definition, saved_at from profile order by name;
