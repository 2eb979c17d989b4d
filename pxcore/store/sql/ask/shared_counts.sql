-- one row per organisation of the level compared and period of which both sources hold the numbers of
-- answers and of positive ones, and what both hold
with counts as (
    select 'left' as which, unit, period_start, period_end, respondents, positive
    from stg_placed(
        $left_source, $left_measure, $left_reported_grain, $grain, $left_usual_grain, '', $service,
        $start, $end, $organisation, []::varchar[], '', []::varchar[], ''
    )
    where outcome = 'in_window'
    union all
    select 'right', unit, period_start, period_end, respondents, positive
    from stg_placed(
        $right_source, $right_measure, $right_reported_grain, $grain, $right_usual_grain, '', $service,
        $start, $end, $organisation, []::varchar[], '', []::varchar[], ''
    )
    where outcome = 'in_window'
), pooled as (
    select which, unit, period_start, period_end,
        sum(respondents) as respondents, sum(positive) as positive
    from counts
    group by all
    having count(respondents) = count(*) and count(positive) = count(*)
)
select
    one.unit, one.period_start, one.period_end,
    one.respondents as left_answers, one.positive as left_positive,
    other.respondents as right_answers, other.positive as right_positive
from pooled as one
join pooled as other
    on other.unit = one.unit
    and other.period_start = one.period_start
    and other.period_end = one.period_end
    and other.which = 'right'
where one.which = 'left'
order by one.unit, one.period_start, one.period_end;
