-- one row per organisation and service its single responses speak of, in a period: how many people
select
    unit, service,
    (sum(anonymous) + coalesce(len(list_distinct(flatten(list(authors)))), 0))::double as people
from stg_placed(
    $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
    $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
)
where outcome = 'in_window' and origin = 'response'
group by unit, service
having people > 0
order by unit, service;
