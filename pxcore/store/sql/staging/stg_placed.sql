-- every observation of one source placed: the organisation it counts for, and what became of it when
-- a measure, a grain, an area and a period were asked for; and, in a source that tells them, only the
-- answers of some groups, without some modes, or counted another way (staging/stg_counted.sql)
create or replace macro stg_placed(
    wanted_source, wanted_measure, wanted_reported_grain, wanted_grain, wanted_usual_grain, wanted_area,
    wanted_service, wanted_start, wanted_end, wanted_organisation,
    without_modes, wanted_dimension, wanted_groups, wanted_sentiment
) as table
with observed as (
    select *
    from stg_resolved
    where source = wanted_source
        and not (
            origin = 'response'
            and (len(without_modes) > 0 or wanted_dimension <> '' or wanted_sentiment <> '')
        )
    union all by name
    select
        'response' as origin, c.* exclude (provider), '' as theme, false as period_approximate,
        case when c.provider <> '' then c.provider else coalesce(n.code, '') end as provider
    from stg_counted(wanted_source, without_modes, wanted_dimension, wanted_sentiment) as c
    left join mart_name as n
        on n.provider_name = c.provider_name
        and n.provider_context = c.provider_context
        and c.provider = ''
    where len(without_modes) > 0 or wanted_dimension <> '' or wanted_sentiment <> ''
), placed as (
    select
        o.*,
        p.name as known_name,
        coalesce(p.in_reference, false) as in_reference,
        coalesce(p.succession, '') as succession,
        case
            when wanted_organisation = 'current' and coalesce(p.succession, '') = 'merged'
                then p.current_code
            else o.provider
        end as code,
        coalesce(nullif(o.grain, ''), nullif(p.grain, ''), wanted_usual_grain) as row_grain
    from observed as o
    left join mart_provider as p on p.code = o.provider
), climbed as (
    -- to whom it belongs: now, or, as reported, on the last day the row speaks of
    select
        r.*,
        c.name as current_name,
        coalesce(b.site, c.site, '') as site,
        coalesce(b.trust, c.trust, '') as trust,
        coalesce(b.pcn, c.pcn, '') as pcn,
        coalesce(b.sub_icb, c.sub_icb, '') as sub_icb,
        coalesce(b.icb, c.icb, '') as icb,
        coalesce(b.region, c.region, '') as region
    from placed as r
    left join mart_provider as c on c.code = r.code
    left join mart_belonging as b
        on wanted_organisation = 'reported' and b.code = r.code
        and b.since <= r.period_end and r.period_end < b.until
), counted_for as (
    select
        *,
        case
            when row_grain = wanted_grain then code
            when wanted_grain = 'site' then site
            when wanted_grain = 'trust' then trust
            when wanted_grain = 'pcn' then pcn
            when wanted_grain = 'sub_icb' then sub_icb
            when wanted_grain = 'icb' then icb
            when wanted_grain = 'region' then region
            else ''
        end as unit
    from climbed
), told as (
    select
        *,
        case
            when not live then 'superseded'
            when measure <> wanted_measure then 'other_measure'
            when theme <> '' or group_dimension <> wanted_dimension
                or (
                    wanted_dimension <> ''
                    -- who told none is asked for by a word that no group is called
                    and not list_contains(wanted_groups, coalesce(nullif(group_value, ''), 'Not told'))
                )
                then 'group_row'
            when wanted_service <> '' and service not in ('', wanted_service) then 'other_service'
            when row_grain = 'area' then 'area_only'
            when provider = '' then 'name_not_matched'
            when row_grain <> wanted_reported_grain then 'other_grain'
            when period_start is null then 'date_uncertain'
            when period_start < wanted_start or period_end > wanted_end then 'outside_period'
            when wanted_organisation = 'current' and succession in ('split', 'to_confirm', 'cycle')
                then succession
            when unit = '' then 'no_parent'
            when wanted_area <> '' and wanted_area not in (icb, region, sub_icb, pcn, unit) then 'outside_area'
            when withheld <> 'none' then 'withheld_' || withheld
            when row_grain <> wanted_grain and respondents is null then 'no_base'
            else 'in_window'
        end as outcome
    from counted_for
)
select * from told;
