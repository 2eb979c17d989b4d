-- one row per two sources, level and services: how many organisations both speak of, at any time
with spoken as (
    select distinct
        o.source,
        o.service,
        coalesce(nullif(o.grain, ''), p.grain, '') as grain,
        coalesce(p.current_code, o.provider) as code
    from stg_resolved as o
    left join mart_provider as p on p.code = o.provider
    where o.live and o.provider <> '' and o.withheld = 'none'
)
select
    one.source as left_source, other.source as right_source, one.grain,
    one.service as left_service, other.service as right_service, count(*) as shared
from spoken as one
join spoken as other using (grain, code)
where one.source <> other.source
group by all
order by all;
