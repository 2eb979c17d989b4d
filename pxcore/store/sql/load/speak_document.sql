-- of what one author says of an organisation from one collection, the latest loaded extract's rows speak. A name counts
-- only where there is no code.
update document as f
set live = (f.extract = coalesce(n.newest, -1))
from (
    select
        k.source, k.provider, k.written_by, k.method, k.period_start, k.period_end,
        case when k.provider = '' then name_key(k.provider_name) else '' end as name,
        max(k.extract) filter (where e.status = 'loaded') as newest
    from document as k
    join extract as e using (extract)
    where k.source in (select unnest($sources)) and k.period_start between $first and $last
    group by all
) as n
where f.source = n.source
    and f.provider = n.provider
    and f.written_by = n.written_by
    and f.method = n.method
    and f.period_start = n.period_start
    and f.period_end = n.period_end
    and case when f.provider = '' then name_key(f.provider_name) else '' end = n.name;
