-- one row per response: the code its organisation has, and the organisation it counts for, as now organised;
-- '' where it has only a name
create or replace view stg_named as
with coded as (
    select
        response.*,
        case when response.provider <> '' then response.provider else coalesce(n.code, '') end as code
    from response
    left join mart_name as n
        on response.provider = ''
        and n.provider_name = response.provider_name
        and n.provider_context = response.provider_context
)
select c.*, case when p.succession = 'merged' then p.current_code else c.code end as unit
from coded as c
left join mart_provider as p on p.code = c.code;
