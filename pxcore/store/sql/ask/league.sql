-- one row per trust of the latest league table that one trust stands in, in its order
with own as (
    select kind, period_start, period_end
    from league
    where live and provider = $unit
    order by period_end desc, kind
    limit 1
)
select
    l.extract, l.kind, l.provider, l.period_start, l.period_end, l.score, l.segment, l.rank, l.rank_low,
    l.rank_high
from league as l
join own as o using (kind, period_start, period_end)
where l.live
order by l.rank, l.provider;
