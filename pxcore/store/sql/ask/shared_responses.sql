-- one row per organisation of the level compared on which both sources hold one response a row: how
-- many of the fewer carry the same moment and the same answer in the other. A date alone, without a time, is no moment.
with told as (
    select
        r.source, r.extract, r.response,
        case $grain
            when p.grain then r.unit
            when 'site' then p.site
            when 'trust' then p.trust
            when 'pcn' then p.pcn
            when 'sub_icb' then p.sub_icb
            when 'icb' then p.icb
            when 'region' then p.region
            else r.unit
        end as unit,
        try_cast(r.date_raw as timestamp) as moment,
        a.positive
    from stg_response as r
    join answer as a using (extract, response)
    left join mart_provider as p on p.code = r.unit
    where r.live and r.code <> '' and regexp_matches(r.date_raw, '[0-9]:[0-9]{2}')
        and not regexp_matches(r.date_raw, ' 00:00(:00)?(\.0+)?$')  -- how a date alone is often written
        and ((r.source = $left_source and a.measure = $left_measure)
            or (r.source = $right_source and a.measure = $right_measure))
), counted as (
    select
        unit,
        count(*) filter (where source = $left_source) as left_rows,
        count(*) filter (where source = $right_source) as right_rows
    from told
    group by unit
), near as (
    -- the same side of the answer, within two minutes: as it is, and with one source ten minutes late,
    -- which tells how often two samples meet by accident
    select
        one.unit, one.response as left_response, other.response as right_response,
        abs(epoch(other.moment) - epoch(one.moment)) <= 120 as met,
        abs(epoch(other.moment) - epoch(one.moment) - 600) <= 120 as met_late
    from told as one
    join told as other
        on other.unit = one.unit
        and other.source = $right_source
        and other.positive is not distinct from one.positive
        and epoch(other.moment) - epoch(one.moment) between -120 and 720
    where one.source = $left_source
), met as (
    select
        unit,
        least(
            count(distinct left_response) filter (where met),
            count(distinct right_response) filter (where met)
        ) as matched,
        least(
            count(distinct left_response) filter (where met_late),
            count(distinct right_response) filter (where met_late)
        ) as by_chance
    from near
    group by unit
)
select c.unit, c.left_rows, c.right_rows, coalesce(m.matched, 0) as matched,
    coalesce(m.by_chance, 0) as by_chance
from counted as c
left join met as m using (unit)
where c.unit <> '' and c.left_rows > 0 and c.right_rows > 0
order by c.unit;
