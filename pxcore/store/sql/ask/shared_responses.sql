-- one row per organisation on which both sources hold one response a row: how many of the fewer carry
-- the same moment and the same answer in the other. A date alone, without a time, is no moment.
with told as (
    select
        r.source, r.extract, r.response, r.unit,
        try_cast(r.date_raw as timestamp) as moment,
        a.positive
    from stg_response as r
    join answer as a using (extract, response)
    where r.live and r.code <> '' and regexp_matches(r.date_raw, '[0-9]:[0-9]{2}')
        and ((r.source = $left and a.measure = $left_measure)
            or (r.source = $right and a.measure = $right_measure))
), counted as (
    select
        unit,
        count(*) filter (where source = $left) as left_rows,
        count(*) filter (where source = $right) as right_rows
    from told
    group by unit
), met as (
    -- within two minutes, and the same side of the answer
    select one.unit, count(distinct one.response) as matched
    from told as one
    join told as other
        on other.unit = one.unit
        and other.source = $right
        and other.positive is not distinct from one.positive
        and abs(epoch(other.moment) - epoch(one.moment)) <= 120
    where one.source = $left
    group by one.unit
)
select c.unit, c.left_rows, c.right_rows, coalesce(m.matched, 0) as matched
from counted as c
left join met as m using (unit)
where c.left_rows > 0 and c.right_rows > 0
order by c.unit;
