-- one row per organisation, quarter and band of a dimension: how many people, of single responses in a financial
-- year; the bands as in bands.sql
with placed as (
    select
        *,
        coalesce(list_extract($bands::varchar[], list_position($groups::varchar[], group_value)), '')
            as band
    from stg_placed(
            $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
            $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
        )
    where outcome = 'in_window' and origin = 'response' and positive is not null
        and unit in (select unnest($units::varchar[]))
)
select
    unit, date_trunc('quarter', period_start)::date as quarter, band,
    (sum(anonymous) + coalesce(len(list_distinct(flatten(list(authors)))), 0))::double as people
from placed
group by all
having people > 0
order by quarter, unit, band;
