-- no two live rows for one key: a value must not be counted twice
select
    source, measure, grain, provider, parent, period_start, period_end, group_dimension, group_value, case when provider = '' then name_key(provider_name) else '' end as name,
    count(*) as live_rows
from fft_fact
where live
group by all
having count(*) > 1;
