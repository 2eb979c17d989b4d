-- one row per service that comments speak of: how many people wrote of it, and the cell key of their number
with people as (
    select distinct service, source, person, record_key from stg_comment where service <> ''
)
select service, count(*)::double as people, (sum(record_key) % 256)::double as people_key
from people
group by service
order by service;
