-- one row per extract behind the series of one organisation, or of all of an area
select distinct extract
from stg_placed(
        $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
        $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
    )
where outcome = 'in_window' and ($unit = '' or unit = $unit)
order by extract;
