-- one row per source and two themes: how many people spoke of both, and the cell key of their number
with people as (
    select source, person, max(record_key) as record_key, list_distinct(flatten(list(themes))) as themes
    from stg_coded(
        $area, $service, $start, $end, $own_words, $rules, $raw, $common, $rule_themes, $rule_patterns
    )
    group by source, person
), lefts as (
    select source, record_key, themes, unnest(themes) as left_theme from people
), paired as (
    select source, record_key, left_theme, unnest(themes) as right_theme from lefts
)
select
    source, left_theme, right_theme, count(*)::double as people,
    cell_key(sum(record_key)) as people_key
from paired
where left_theme < right_theme
group by source, left_theme, right_theme
order by source, left_theme, right_theme;
