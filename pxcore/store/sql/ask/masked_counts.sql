-- one row per kind of detail: how many people wrote comments in which it was masked, and the cell key of them
with masked as (
    select c.source, c.person, c.record_key, unnest(json_keys(d.masked)) as kind
    from redaction as d
    join stg_comment as c on c.extract = d.extract and c.response = d.response
    where d.rules = $masks
), people as (
    select kind, source, person, max(record_key) as record_key
    from masked
    group by kind, source, person
)
select kind, count(*)::double as people, cell_key(sum(record_key)) as people_key
from people
group by kind
order by kind;
