-- one row per organisation: of the people who gave an age, how many are 65 or older, and how many younger, with
-- their cell keys
with told as (
    select unit, record_key, try_cast(regexp_extract(age, '[0-9]+') as integer) as youngest
    from stg_response
    where live and source = $source and answered_on between $start and $end and code <> ''
)
select
    unit,
    (count(*) filter (where youngest >= 65))::double as older,
    cell_key(coalesce(sum(record_key) filter (where youngest >= 65), 0)) as older_key,
    (count(*) filter (where youngest < 65))::double as younger,
    cell_key(coalesce(sum(record_key) filter (where youngest < 65), 0)) as younger_key
from told
group by unit
order by unit;
