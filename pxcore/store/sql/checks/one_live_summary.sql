-- no two live rows for one key: a value must not be counted twice
select
    source, measure, grain, provider, service, service_raw, theme, group_dimension, group_value, period_start, period_end, case when provider = '' then name_key(provider_name) else '' end as name,
    count(*) as live_rows
from summary
where live
group by all
having count(*) > 1;
