-- of the rows for one organisation, month and group, the latest loaded extract's speaks. A name counts only where there is
-- no code: publishers respell names from month to month.
update fft_fact as f
set live = (f.extract = coalesce(n.newest, -1))
from (
    select
        k.source, k.measure, k.grain, k.provider, k.parent, k.period_start, k.period_end, k.group_dimension, k.group_value,
        case when k.provider = '' then name_key(k.provider_name) else '' end as name,
        max(k.extract) filter (where e.status = 'loaded') as newest
    from fft_fact as k
    join extract as e using (extract)
    where k.source in (select unnest($sources)) and k.period_start between $first and $last
    group by all
) as n
where f.source = n.source
    and f.measure = n.measure
    and f.grain = n.grain
    and f.provider = n.provider
    and f.parent = n.parent
    and f.period_start = n.period_start
    and f.period_end = n.period_end
    and f.group_dimension = n.group_dimension
    and f.group_value = n.group_value
    and case when f.provider = '' then name_key(f.provider_name) else '' end = n.name;
