-- one row per theme: how many comments with words and a supplier's codes a rule marks, how many its coders
-- did, and how many both
with known as (
    select name_key(raw) as raw, theme from (select unnest($raw) as raw, unnest($common) as theme)
), rule as (
    select unnest($rule_themes) as theme, unnest($rule_patterns) as pattern
), coded as (
    select c.extract, c.response, c.themes, d.folded
    from stg_comment as c
    join redaction as d on d.extract = c.extract and d.response = c.response and d.rules = $masks
    where len(c.themes) > 0
), named as (
    select distinct s.extract, s.response, coalesce(k.theme, s.raw) as theme
    from (select extract, response, unnest(themes) as raw from coded) as s
    left join known as k on k.raw = name_key(s.raw)
), suggested as (
    select distinct c.extract, c.response, r.theme
    from coded as c
    join rule as r on regexp_matches(c.folded, r.pattern)
)
select
    coalesce(n.theme, s.theme) as theme,
    count(n.theme)::bigint as named,
    count(s.theme)::bigint as suggested,
    (count(*) filter (where n.theme is not null and s.theme is not null))::bigint as right_ones,
    (select count(*) from coded)::bigint as comments
from named as n
full join suggested as s
    on s.extract = n.extract and s.response = n.response and s.theme = n.theme
group by 1
order by 1;
