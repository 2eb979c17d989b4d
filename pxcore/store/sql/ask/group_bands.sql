-- one row per source and group whose band a person changed, source '' for any: the latest change of it
with ranked as (
    select
        *,
        row_number() over (partition by dimension, source, group_value order by rowid desc) as place
    from group_band
)
select dimension, source, group_value, band, kept_at, kept_by, reason
from ranked
where place = 1 and band <> ''
order by dimension, group_value, source;
