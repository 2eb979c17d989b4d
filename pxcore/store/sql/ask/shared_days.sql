-- one row per source, organisation of the level compared and day on which it holds answers in rows, or did a
-- week before: how many on the day and a week before it. Whether their numbers are steadier than those of
-- people who come by themselves can be told from it. A week before the first day nothing is known.
with told as (
    select
        r.source,
        case $grain
            when p.grain then r.unit
            when 'site' then p.site
            when 'trust' then p.trust
            when 'pcn' then p.pcn
            when 'sub_icb' then p.sub_icb
            when 'icb' then p.icb
            when 'region' then p.region
            else r.unit
        end as unit,
        r.answered_on as day,
        count(*) as answers
    from stg_response as r
    join answer as a using (extract, response)
    left join mart_provider as p on p.code = r.unit
    where r.live and r.code <> '' and r.answered_on is not null
        and ((r.source = $left_source and a.measure = $left_measure)
            or (r.source = $right_source and a.measure = $right_measure))
    group by all
), steps as (
    select
        source, unit, day,
        coalesce(one.answers, 0) as now, coalesce(week.answers, 0) as before
    from told as one
    full join (select source, unit, day + 7 as day, answers from told) as week using (source, unit, day)
)
select case when s.source = $left_source then 'left' else 'right' end as which, s.now, s.before
from steps as s
join (
    select source, unit, min(day) + 7 as first, max(day) as last from told group by all
) as spoken using (source, unit)
where s.unit <> '' and s.day between spoken.first and spoken.last;
