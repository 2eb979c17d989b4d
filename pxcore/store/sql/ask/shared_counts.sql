-- one row per organisation of the level compared: in how many periods both sources hold the same number
-- of answers and of positive ones, out of those in which both have enough answers to tell
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
    one.unit,
    count(*) as periods,
    count(*) filter (
        where one.respondents = other.respondents and abs(one.positive - other.positive) < 0.5
    ) as identical
from pooled as one
join pooled as other
    on other.unit = one.unit
    and other.period_start = one.period_start
    and other.period_end = one.period_end
    and other.which = 'right'
where one.which = 'left' and least(one.respondents, other.respondents) >= $fewest
group by one.unit
order by one.unit;
