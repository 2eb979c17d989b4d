-- one row per kind of detail: how many were masked, in how many comments
with masked as (
    select d.extract, d.response, unnest(json_keys(d.masked)) as kind, d.masked
    from redaction as d
    join stg_comment as c on c.extract = d.extract and c.response = d.response
    where d.rules = $masks
)
select
    kind,
    count(*) as comments,
    sum(json_extract(masked, '$."' || kind || '"')::integer)::bigint as details
from masked
group by kind
order by details desc, kind;
