-- one row per organisation: in how many periods both sources hold the same number of answers and of
-- positive ones, out of those in which both have ten or more
with counts as (
    select source, unit, period_start, period_end,
        sum(respondents) as respondents, sum(positive) as positive
    from (
        select o.source, o.period_start, o.period_end, o.respondents, o.positive,
            case when p.succession = 'merged' then p.current_code else o.provider end as unit
        from stg_resolved as o
        left join mart_provider as p on p.code = o.provider
        where o.live and o.provider <> '' and o.withheld = 'none' and o.group_dimension = ''
            and o.theme = '' and o.respondents is not null and o.positive is not null
            and ((o.source = $left and o.measure = $left_measure)
                or (o.source = $right and o.measure = $right_measure))
    )
    group by all
)
select
    one.unit,
    count(*) as periods,
    count(*) filter (
        where one.respondents = other.respondents and abs(one.positive - other.positive) < 0.5
    ) as identical
from counts as one
join counts as other
    on other.unit = one.unit
    and other.period_start = one.period_start
    and other.period_end = one.period_end
    and other.source = $right
where one.source = $left and least(one.respondents, other.respondents) >= 10
group by one.unit
order by one.unit;
