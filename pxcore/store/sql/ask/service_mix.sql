-- one row per organisation: of a source that speaks of several services, how many answers do not say
-- which service they are about, and how many do; their cell keys where they are confidential
select
    unit,
    coalesce(sum(respondents) filter (where service = ''), 0) as unsaid,
    cell_key(sum(answered.people_key) filter (where service = '')) as unsaid_key,
    coalesce(sum(respondents) filter (where service <> ''), 0) as stated,
    cell_key(sum(answered.people_key) filter (where service <> '')) as stated_key
from stg_placed(
        $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
        $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
    )
where outcome = 'in_window' and respondents > 0
group by unit
order by unit;
