-- the newest comment of each feeling, in their order, found among the groups that may be shown: as it may be read,
-- with its context
with groups as (
    select unnest($sources) as source, unnest($organisations) as organisation
)
select
    f.source, f.organisation, f.organisation_name, f.service, f.month, f.sentiment, f.themes,
    f.own_themes, f.coded_by, f.comment, f.masked
from stg_found(
    $area, $service, $start, $end, $source, $theme, $feeling, $masks, $begins, $phrases, $without,
    $raw, $common, $rules, $rule_themes, $rule_patterns
) as f
join groups as g on g.source = f.source and g.organisation = f.organisation
where f.found and list_contains($feelings::varchar[], f.sentiment)
qualify row_number() over (
    partition by f.sentiment order by f.answered_on desc nulls last, f.extract, f.response
) = 1
order by list_position($feelings::varchar[], f.sentiment);
