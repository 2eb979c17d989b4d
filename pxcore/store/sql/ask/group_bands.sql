-- one row per group whose band a person changed: the latest change of it, in the order of their making
with ranked as (
    select *, row_number() over (partition by dimension, group_value order by rowid desc) as place
    from group_band
)
select dimension, group_value, band, kept_at, kept_by, reason
from ranked
where place = 1
order by dimension, group_value;
