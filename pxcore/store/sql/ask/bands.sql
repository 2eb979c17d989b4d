-- one row per band of a dimension over the organisations named (unit ''), and one per organisation and band:
-- the answers of one source in a period. $groups and $bands are lists of equal length: which group counts in which band;
-- without a dimension, everybody in the band ''. With $by_quarter each quarter apart, of single responses alone.
with placed as (
    select
        *,
        coalesce(list_extract($bands::varchar[], list_position($groups::varchar[], group_value)), '')
            as band,
        case when $by_quarter then date_trunc('quarter', period_start)::date end as quarter
    from stg_placed(
            $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
            $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
        )
    where outcome = 'in_window' and respondents > 0 and positive is not null
        and unit in (select unnest($units::varchar[]))
        and (not $by_quarter or origin = 'response')
)
select
    case when grouping(unit) = 1 then '' else unit end as unit,
    band,
    quarter,
    sum(respondents) as respondents,
    sum(positive) as positive,
    -- one person may have answered several times, at several organisations
    case when count(anonymous) = count(value) and count(value) > 0
        then (sum(anonymous) + coalesce(len(list_distinct(flatten(list(authors)))), 0))::double
        else sum(respondents)
    end as people
from placed
group by grouping sets ((unit, band, quarter), (band, quarter))
order by unit, band, quarter;
