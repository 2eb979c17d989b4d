-- one row per source, theme ('' for everybody with a coded comment) and part: how many people. The parts are
-- the areas of a level, each with the areas it lies in; or the services; or ('time') a span of days and the
-- rest: so that a figure of one part can be held against those of the others.
with coded as (
    select
        source, person, themes, pcn, sub_icb, icb, region,
        case $level
            when 'pcn' then pcn
            when 'sub_icb' then sub_icb
            when 'icb' then icb
            when 'region' then region
            when 'service' then service
            else case when answered_on between $first and $last then 'inside' else '' end
        end as part
    from stg_coded(
        $area, $service, $start, $end, $own_words, $rules, $raw, $common, $rule_themes, $rule_patterns
    )
), mentions as (
    select * exclude (themes), unnest(themes) as theme from coded
    union all
    select * exclude (themes), '' from coded
)
select
    source, theme, part,
    case when $level = 'pcn' then any_value(sub_icb) else '' end as sub_icb,
    case when $level in ('pcn', 'sub_icb') then any_value(icb) else '' end as icb,
    case when $level in ('pcn', 'sub_icb', 'icb') then any_value(region) else '' end as region,
    count(distinct person)::double as people
from mentions
group by source, theme, part
order by source, theme, part;
