-- one row per area that holds at least one organisation with data
with spoken as (
    select distinct provider from stg_resolved where live and provider <> ''
), areas as (
    select unnest([p.region, p.icb, p.sub_icb, p.pcn]) as code,
        unnest(['region', 'icb', 'sub_icb', 'pcn']) as grain,
        p.code as provider
    from mart_provider as p
    join spoken as s on s.provider = p.code
)
select a.code, coalesce(nullif(any_value(m.name), ''), a.code) as name, a.grain,
    count(distinct a.provider) as providers
from areas as a
left join mart_provider as m on m.code = a.code
where a.code <> ''
group by a.code, a.grain
order by array_position(['region', 'icb', 'sub_icb', 'pcn'], a.grain), name, a.code;
