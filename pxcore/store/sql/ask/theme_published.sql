-- one row per published theme of a service: how many pieces of feedback named it, and of how many the
-- same report tells for that service over the same time
with base as (
    select source, service, period_start, period_end, sum(respondents) as people
    from summary
    where live and theme = '' and group_dimension = '' and measure = 'overall' and respondents is not null
        and ($area = '' or provider = $area)
    group by all
)
select
    t.source, t.service, t.theme as raw, t.period_start, t.period_end, t.provider_name as place,
    t.respondents as people, t.positive, t.neutral, t.negative, b.people as base, t.withheld, t.extract
from summary as t
left join base as b using (source, service, period_start, period_end)
where t.live and t.theme <> '' and t.measure = 'theme' and t.group_dimension = ''
    and ($area = '' or t.provider = $area)
    and ($service = '' or t.service = $service)
    and ($start is null or (t.period_start >= $start and t.period_end <= $end))
order by t.source, t.service, t.period_start, t.theme;
