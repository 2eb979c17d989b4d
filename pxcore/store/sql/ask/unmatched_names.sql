-- one row per name that has no code yet, or was given one by a person
select
    o.source,
    o.provider_name as name,
    o.provider_context as context,
    any_value(o.grain) as grain,
    sum(o.rows)::double as rows,
    cell_key(sum(o.answered.rows_key)) as rows_key,  -- of single responses
    any_value(o.origin) as origin,
    any_value(coalesce(n.code, '')) as code
from stg_observation as o
left join mart_name as n using (provider_name, provider_context)
where o.live and o.provider = '' and o.provider_name <> '' and o.grain <> 'area'
group by o.source, o.provider_name, o.provider_context
union all
select e.source, e.provider_name, e.provider_context, '', count(*)::double, null, 'document',
    any_value(coalesce(n.code, ''))
from document as e
left join mart_name as n using (provider_name, provider_context)
where e.live and e.provider = '' and e.provider_name <> ''
group by e.source, e.provider_name, e.provider_context
order by source, name, context;
