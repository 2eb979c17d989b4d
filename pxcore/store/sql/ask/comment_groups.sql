-- one row per source and organisation with comments asked for: how many people wrote how many comments, how
-- many of those were found, and the cell key of the people
with people as (
    select
        source, organisation, person, max(record_key) as record_key,
        any_value(organisation_name) as name,
        any_value(unit) as unit,
        count(*) as comments,
        count(*) filter (where found) as matches,
        coalesce(list(distinct extract) filter (where found), []) as extracts
    from stg_found(
        $area, $service, $start, $end, $source, $theme, $feeling, $masks, $begins, $phrases, $without,
        $raw, $common, $rules, $rule_themes, $rule_patterns
    )
    group by source, organisation, person
)
select
    source, organisation,
    any_value(name) as name,
    any_value(unit) as unit,
    count(*)::double as people,
    cell_key(sum(record_key)) as people_key,
    sum(comments)::double as comments,
    sum(matches)::double as matches,
    list_sort(list_distinct(flatten(list(extracts)))) as extracts
from people
group by source, organisation
order by source, name, organisation;
