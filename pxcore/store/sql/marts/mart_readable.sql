-- one row per source and organisation, as its files name it, of which so many wrote that their comments may be read
create or replace table mart_readable as
with wrote as (
    select
        source, provider, provider_name, provider_context,
        case when unit <> '' then unit else 'name ' || name_key(provider_name) end as organisation,
        case when author <> '' then 'a ' || author else 'r ' || extract || ' ' || response end as person
    from stg_named
    where live and comment <> ''
), organisations as (
    select source, organisation
    from wrote
    group by source, organisation
    having enough_to_read(count(distinct person))
)
select distinct w.source, w.provider, w.provider_name, w.provider_context
from wrote as w
join organisations as o using (source, organisation)
order by all;
