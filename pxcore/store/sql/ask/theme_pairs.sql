-- one row per source and two themes: how many people spoke of both
with people as (
    select source, person, list_distinct(flatten(list(themes))) as themes
    from stg_coded(
        $area, $service, $start, $end, $own_words, $rules, $raw, $common, $rule_themes, $rule_patterns
    )
    group by source, person
), one as (
    select source, person, themes, unnest(themes) as left_theme from people
), paired as (
    select source, left_theme, unnest(themes) as right_theme from one
)
select source, left_theme, right_theme, count(*)::double as people
from paired
where left_theme < right_theme
group by source, left_theme, right_theme
order by source, people desc, left_theme, right_theme;
