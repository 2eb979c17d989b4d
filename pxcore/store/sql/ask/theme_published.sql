-- one row per published theme of a service, of each place's latest report: how many pieces of feedback
-- named it, and of how many the same report tells for that service over the same time
with known as (
    select name_key(raw) as raw, theme from (select unnest($raw) as raw, unnest($common) as theme)
), asked as (
    select * from summary
    where live and group_dimension = ''
        and ($area = '' or provider = $area)
        and ($service = '' or service = $service)
        and ($start is null or (period_start >= $start and period_end <= $end))
), base as (
    select source, provider_name, service, period_start, period_end, sum(respondents) as people
    from asked
    where theme = '' and measure = 'overall' and respondents is not null
    group by all
), latest as (
    select * from asked
    where theme <> '' and measure = 'theme'
    qualify period_end = max(period_end) over (partition by source, provider_name, service)
)
select
    t.source, t.provider_name as place, t.service, t.period_start, t.period_end,
    case when $own_words then t.theme else coalesce(k.theme, t.theme) end as theme,
    t.respondents as people, t.positive, t.neutral, t.negative, b.people as base, t.withheld, t.extract
from latest as t
join base as b using (source, provider_name, service, period_start, period_end)
left join known as k on k.raw = name_key(t.theme)
order by t.source, t.provider_name, t.service, theme, people desc;
