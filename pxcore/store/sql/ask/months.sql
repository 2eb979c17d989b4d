-- one row per organisation and month of a monthly source: its whole published history
select unit, period_start, sum(respondents) as respondents, sum(positive) as positive,
    sum(by_text) as by_text, sum(by_any_mode) as by_any_mode
from stg_placed(
        $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
        $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
    )
where outcome = 'in_window' and respondents > 0 and positive is not null
group by unit, period_start
order by unit, period_start;
