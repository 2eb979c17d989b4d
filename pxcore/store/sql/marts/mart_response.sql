-- one row per source, measure, provider, service, month and extract: every row-level answer counted
create or replace table mart_response as
select * exclude (group_dimension, group_value)
from stg_counted('', []::varchar[], '', '')
order by source, measure, provider, provider_name, period_start;
