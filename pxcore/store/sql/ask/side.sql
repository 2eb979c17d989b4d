-- one row per organisation and outcome: every row of one source, and what became of it when a
-- measure, a grain, an area and a period were asked for. The rows add up to all that is loaded.
with placed as (
    select
        o.*,
        p.name as known_name,
        coalesce(p.in_reference, false) as in_reference,
        coalesce(p.succession, '') as succession,
        case
            when $organisation = 'current' and coalesce(p.succession, '') = 'merged'
                then p.current_code
            else o.provider
        end as code,
        coalesce(nullif(o.grain, ''), nullif(p.grain, ''), $usual_grain) as row_grain
    from stg_resolved as o
    left join mart_provider as p on p.code = o.provider
    where o.source = $source
), climbed as (
    select
        r.*,
        c.name as current_name,
        coalesce(nullif(c.icb, ''), nullif(q.icb, ''), '') as icb,
        coalesce(nullif(c.region, ''), nullif(q.region, ''), '') as region,
        coalesce(nullif(c.sub_icb, ''), nullif(q.sub_icb, ''), '') as sub_icb,
        coalesce(nullif(c.pcn, ''), nullif(q.pcn, ''), '') as pcn,
        case
            when r.row_grain = $grain then r.code
            when $grain = 'site' then coalesce(c.site, '')
            when $grain = 'trust' then coalesce(c.trust, '')
            when $grain = 'pcn' then coalesce(c.pcn, '')
            when $grain = 'sub_icb' then coalesce(c.sub_icb, '')
            when $grain = 'icb' then coalesce(nullif(c.icb, ''), q.icb, '')
            when $grain = 'region' then coalesce(nullif(c.region, ''), q.region, '')
            else ''
        end as unit
    from placed as r
    left join mart_provider as c on c.code = r.code
    left join mart_provider as q on q.code = r.provider
), told as (
    select
        *,
        case
            when not live then 'superseded'
            when measure <> $measure then 'other_measure'
            when group_dimension <> '' or theme <> '' then 'group_row'
            when $service <> '' and service not in ('', $service) then 'other_service'
            when row_grain = 'area' then 'area_only'
            when provider = '' then 'name_not_matched'
            when row_grain <> $reported_grain then 'other_grain'
            when period_start is null then 'date_uncertain'
            when period_start < $start or period_end > $end then 'outside_period'
            when $organisation = 'current' and succession in ('split', 'to_confirm', 'cycle')
                then succession
            when unit = '' then 'no_parent'
            when $area <> '' and $area not in (icb, region, sub_icb, pcn, unit) then 'outside_area'
            when withheld <> 'none' then 'withheld_' || withheld
            when row_grain <> $grain and respondents is null then 'no_base'
            else 'in_window'
        end as outcome
    from climbed
), pooled as (
    -- a name may be left out of a figure's grouping only where its code is known
    select
        outcome,
        case
            when outcome = 'in_window' or (unit <> '' and provider <> '') then unit
            when provider <> '' then code
            else ''
        end as unit,
        case when provider = '' then provider_name else '' end as unmatched_name,
        max(coalesce(nullif(current_name, ''), known_name, provider_name))
            filter (where row_grain = $grain) as own_name,
        any_value(in_reference) as in_reference,
        any_value(icb) as icb,
        any_value(pcn) as pcn,
        sum(rows)::bigint as rows,
        bool_or(origin = 'response') as people,  -- each row is somebody's answer
        sum(respondents) as respondents,
        sum(positive) as positive,
        case
            when count(value) = 1 then max(value)
            when count(positive) = count(value) and sum(respondents) > 0
                then sum(positive) / sum(respondents)
            when count(respondents) = count(value) and sum(respondents) > 0
                then sum(value * respondents) / sum(respondents)
        end as value,
        case when count(value) = 1 then max(low) end as low,
        case when count(value) = 1 then max(high) end as high,
        count(distinct period_start) as periods,
        list_sort(list(distinct provider) filter (where provider <> code)) as merged_from,
        list_sort(list(distinct extract)) as extracts
    from told
    group by all
)
select
    p.*,
    coalesce(nullif(m.name, ''), p.own_name, p.unmatched_name, p.unit) as name
from pooled as p
left join mart_provider as m on m.code = p.unit
order by outcome, unit, unmatched_name;
