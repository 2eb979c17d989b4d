-- of the rows for one published figure and period, the latest loaded extract's speaks. A name counts only where there is
-- no code: publishers respell names from month to month.
update summary as f
set live = (f.extract = coalesce(n.newest, -1))
from (
    select
        k.source, k.measure, k.grain, k.provider, k.service, k.service_raw, k.theme, k.group_dimension, k.group_value, k.period_start, k.period_end,
        case when k.provider = '' then name_key(k.provider_name) else '' end as name,
        max(k.extract) filter (where e.status = 'loaded') as newest
    from summary as k
    join extract as e using (extract)
    where k.source in (select unnest($sources)) and k.period_start between $first and $last
    group by all
) as n
where f.source = n.source
    and f.measure = n.measure
    and f.grain = n.grain
    and f.provider = n.provider
    and f.service = n.service
    and f.service_raw = n.service_raw
    and f.theme = n.theme
    and f.group_dimension = n.group_dimension
    and f.group_value = n.group_value
    and f.period_start = n.period_start
    and f.period_end = n.period_end
    and case when f.provider = '' then name_key(f.provider_name) else '' end = n.name;
