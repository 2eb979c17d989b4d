-- one row per organisation and quarter its single responses speak of, in a financial year: how many people
select
    unit, date_trunc('quarter', period_start)::date as quarter,
    (sum(anonymous) + coalesce(len(list_distinct(flatten(list(authors)))), 0))::double as people
from stg_placed(
    $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
    $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
)
where outcome = 'in_window' and origin = 'response'
group by all
having people > 0
order by unit, quarter;
