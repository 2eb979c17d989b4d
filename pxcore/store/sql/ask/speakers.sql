-- one row per practice or trust and source whose files hold it, with a figure or without: its areas, as now
-- organised or, as reported, all it ever belonged to
with usual as (
    select unnest($sources::varchar[]) as source, unnest($usual_grains::varchar[]) as grain
), spoken as (
    select distinct
        o.source,
        case
            when $organisation = 'current' and p.succession = 'merged' then p.current_code
            else o.provider
        end as unit,
        coalesce(nullif(o.grain, ''), nullif(p.grain, ''), u.grain) as level
    from stg_resolved as o
    join usual as u on u.source = o.source
    left join mart_provider as p on p.code = o.provider
    where o.live and o.provider <> '' and o.group_dimension = '' and o.theme = ''
), belonged as (
    select code, flatten(list([pcn, sub_icb, icb, region])) as areas
    from mart_belonging
    where $organisation = 'reported'
    group by code
)
select distinct
    s.unit, s.source, s.level,
    coalesce(nullif(m.name, ''), s.unit) as name,
    list_sort(list_distinct(coalesce(b.areas, []) || [m.pcn, m.sub_icb, m.icb, m.region])) as areas
from spoken as s
left join mart_provider as m on m.code = s.unit
left join belonged as b on b.code = s.unit
where s.level in ('practice', 'trust')
order by name, s.unit, s.source;
