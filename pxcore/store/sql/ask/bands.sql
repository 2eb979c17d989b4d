-- one row per band of a dimension over the organisations named (unit ''), and one per organisation and band:
-- the answers of one source in a period, with what confidential counts are shown from. $groups and $bands are
-- lists of equal length: which group counts in which band, the group ‘Not told’ being those who told none;
-- without a dimension, everybody in the band ''.
with placed as (
    select
        *,
        coalesce(
            list_extract(
                $bands::varchar[],
                list_position($groups::varchar[], coalesce(nullif(group_value, ''), 'Not told'))
            ),
            ''
        ) as band
    from stg_placed(
            $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
            $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
        )
    where outcome = 'in_window' and respondents > 0 and positive is not null
        and unit in (select unnest($units::varchar[]))
), added as (
    select
        case when grouping(unit) = 1 then '' else unit end as unit,
        band,
        sum(respondents) as respondents,
        sum(positive) as positive,
        sum(positive) / sum(respondents) as value,
        case when count(anonymous) = count(value) and count(value) > 0
            then people_of(anonymous, authors)
            else sum(respondents)
        end as people,
        answers_added(answered, authors) as answered
    from placed
    group by grouping sets ((unit, band), (band))
)
select * exclude (answered), unnest(answered_of(answered))
from added
order by unit, band;
