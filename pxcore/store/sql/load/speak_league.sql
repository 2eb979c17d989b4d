-- of the rows for one trust and quarter, the latest loaded extract's speaks
update league as f
set live = (f.extract = coalesce(n.newest, -1))
from (
    select
        k.source, k.kind, k.provider, k.period_start, k.period_end,
        max(k.extract) filter (where e.status = 'loaded') as newest
    from league as k
    join extract as e using (extract)
    where k.source in (select unnest($sources)) and k.period_start between $first and $last
    group by all
) as n
where f.source = n.source
    and f.kind = n.kind
    and f.provider = n.provider
    and f.period_start = n.period_start
    and f.period_end = n.period_end;
