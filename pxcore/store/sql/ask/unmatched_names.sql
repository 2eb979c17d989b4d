-- one row per name that has no code yet, or was given one by a person
select
    o.source,
    o.provider_name as name,
    o.provider_context as context,
    any_value(o.grain) as grain,
    sum(o.rows)::bigint as rows,
    any_value(o.origin) as origin,
    any_value(coalesce(a.code, b.code, '')) as code
from stg_observation as o
left join alias as a
    on a.name_key = name_key(o.provider_name) and a.context_key = name_key(o.provider_context)
left join alias as b on b.name_key = name_key(o.provider_name) and b.context_key = ''
where o.live and o.provider = '' and o.provider_name <> '' and o.grain <> 'area'
group by o.source, o.provider_name, o.provider_context
order by o.source, o.provider_name, o.provider_context;
