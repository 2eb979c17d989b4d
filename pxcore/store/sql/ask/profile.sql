-- one row per organisation: of the people who gave an age, how many are 65 or older
with told as (
    select unit, try_cast(regexp_extract(age, '[0-9]+') as integer) as youngest
    from stg_response
    where live and source = $source and answered_on between $start and $end and code <> ''
)
select unit, count(youngest) as aged, count(*) filter (where youngest >= 65) as older
from told
group by unit
order by unit;
