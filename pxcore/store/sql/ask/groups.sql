-- one row per organisation and group of a dimension: the answers of one source in a period
with added as (
    select
        unit, group_value,
        sum(respondents) as respondents,
        sum(positive) as positive,
        case when count(anonymous) = count(value) and count(value) > 0
            then people_of(anonymous, authors)
            else sum(respondents)
        end as people,
        answers_added(answered, authors) as answered
    from stg_placed(
            $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
            $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
        )
    where outcome = 'in_window' and respondents > 0 and positive is not null
    group by unit, group_value
)
select * exclude (answered), unnest(answered_of(answered))
from added
order by unit, group_value;
