-- how many people wrote the comments asked for about some organisations, and the cell key of their number:
-- one person once, of however many organisations
with groups as (
    select unnest($sources) as source, unnest($organisations) as organisation
), people as (
    select f.source, f.person, max(f.record_key) as record_key
    from stg_found(
        $area, $service, $start, $end, $source, $theme, $feeling, $masks, $begins, $phrases, $without,
        $raw, $common, $rules, $rule_themes, $rule_patterns
    ) as f
    join groups as g on g.source = f.source and g.organisation = f.organisation
    group by f.source, f.person
)
select count(*)::double as people, cell_key(coalesce(sum(record_key), 0)) as people_key
from people;
