-- up to five rows per unmatched name: the codes it may stand for, most alike first. A person
-- confirms; a network or board named on the row puts its own organisations first.
with names as (
    select distinct o.provider_name as name, o.provider_context as context,
        name_key(o.provider_name) as key, name_core(o.provider_name) as core,
        name_key(o.provider_context) as context_key, o.grain, o.source
    from stg_observation as o
    left join alias as a
        on a.name_key = name_key(o.provider_name)
        and a.context_key in (name_key(o.provider_context), '')
    where o.live and o.provider = '' and o.provider_name <> '' and o.grain <> 'area'
        and a.code is null
), candidates as (
    select m.code, m.name, m.grain, name_key(m.name) as key, name_core(m.name) as core,
        name_key(coalesce(n.name, '')) as pcn_key, m.status
    from mart_provider as m
    left join mart_provider as n on n.code = m.pcn
    where m.name <> '' and m.in_reference and m.status <> 'closed'
), scored as (
    select
        n.name, n.context, n.source, c.code, c.name as candidate, c.grain,
        n.key = c.key as exact,
        n.context_key <> '' and n.context_key = c.pcn_key as in_context,
        greatest(
            jaro_winkler_similarity(n.key, c.key),
            case when n.core <> '' and c.core <> ''
                then 0.98 * jaro_winkler_similarity(n.core, c.core) else 0 end,
            -- “PCN 5” against “Tower Hamlets Network 5 PCN”: the same number, the same kind of body
            case when n.grain = 'pcn' and c.grain = 'pcn'
                and regexp_extract(n.key, '([0-9]+)', 1) <> ''
                and regexp_extract(n.key, '([0-9]+)', 1) = regexp_extract(c.key, '([0-9]+)', 1)
                and n.context_key <> '' and starts_with(c.key, n.context_key)
                then 0.97 else 0 end
        ) as likeness
    from names as n
    join candidates as c
        on n.grain = '' or c.grain = n.grain or (n.grain = 'practice' and c.grain = '')
), ranked as (
    select
        *,
        row_number() over (
            partition by source, name, context
            order by in_context desc, exact desc, likeness desc, code
        ) as place
    from scored
    where likeness >= 0.85 or exact or (in_context and likeness >= 0.6)
)
select source, name, context, code, candidate, grain, exact, in_context,
    round(likeness, 3) as likeness, place
from ranked
where place <= 5
order by source, name, context, place;
