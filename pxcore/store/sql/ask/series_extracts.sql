-- one row per organisation, and areas it belongs to, that a source has a series of: the extracts behind it
select
    unit, pcn, sub_icb, icb, region,
    list_sort(list(distinct extract)) as extracts
from stg_placed(
        $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
        $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
    )
where outcome = 'in_window'
group by unit, pcn, sub_icb, icb, region
order by unit, pcn, sub_icb, icb, region;
