-- one row per scenario saved and not withdrawn, by name
with latest as (
    select *, row_number() over (partition by name order by saved_at desc, rowid desc) as place
    from scenario
)
select name, definition, saved_at, saved_by
from latest
where place = 1 and definition <> ''
order by name;
