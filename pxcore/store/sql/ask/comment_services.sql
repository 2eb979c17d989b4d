-- one row per service that comments speak of: how many people wrote of it, and the cell key of their number
with people as (
    select service, source, person, max(record_key) as record_key
    from stg_comment
    where service <> ''
    group by service, source, person
)
select service, count(*)::double as people, cell_key(sum(record_key)) as people_key
from people
group by service
order by service;
