-- one row per source and organisation with comments asked for: how many people wrote how many
-- comments, and how many of them were found
select
    source, organisation,
    any_value(organisation_name) as name,
    any_value(unit) as unit,
    count(distinct person)::double as people,
    count(*) as comments,
    count(*) filter (where found) as found,
    list_sort(list(distinct extract) filter (where found)) as extracts
from stg_found(
    $area, $service, $start, $end, $source, $theme, $feeling, $masks, $begins, $phrases, $without,
    $raw, $common, $rules, $rule_themes, $rule_patterns
)
group by source, organisation
order by source, name, organisation;
