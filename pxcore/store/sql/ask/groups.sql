-- one row per organisation and group of a dimension: the answers of one source in a period
select
    unit, group_value,
    sum(respondents) as respondents,
    sum(positive) as positive,
    case when count(anonymous) = count(value) and count(value) > 0
        then people_of(anonymous, authors)
        else sum(respondents)
    end as people,
    unnest(answered_of(answered, authors))
from stg_placed(
        $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
        $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
    )
where outcome = 'in_window' and respondents > 0 and positive is not null
group by unit, group_value
order by unit, group_value;
