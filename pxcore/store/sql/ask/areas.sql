-- one row per area that holds at least one organisation with data: as now organised, or as reported at
-- some time, where areas that are no more stand beside today's
with spoken as (
    select distinct provider from stg_resolved where live and provider <> ''
), followed as (
    select distinct
        case
            when $organisation = 'current' and p.succession = 'merged' then p.current_code
            else p.code
        end as code
    from mart_provider as p
    join spoken as s on s.provider = p.code
), belonging as (
    select p.code, p.region, p.icb, p.sub_icb, p.pcn
    from mart_provider as p
    join followed using (code)
    union all
    select b.code, b.region, b.icb, b.sub_icb, b.pcn
    from mart_belonging as b
    join followed using (code)
    where $organisation = 'reported'
), areas as (
    select unnest([region, icb, sub_icb, pcn]) as code,
        unnest(['region', 'icb', 'sub_icb', 'pcn']) as grain,
        code as provider
    from belonging
)
select a.code, coalesce(nullif(any_value(m.name), ''), a.code) as name, a.grain,
    count(distinct a.provider) as providers
from areas as a
left join mart_provider as m on m.code = a.code
where a.code <> ''
group by a.code, a.grain
order by array_position(['region', 'icb', 'sub_icb', 'pcn'], a.grain), name, a.code;
