-- one row per comment asked for that somebody has coded: its themes, once each, and who found them.
-- What a supplier coded stands; a comment it did not code takes the themes of the first person who
-- coded it in this app; and, only where suggestions are wanted, those of keyword rules. A comment
-- that its coder could not label tells nothing about themes and is left out.
create or replace macro stg_coded(
    wanted_area, wanted_service, wanted_start, wanted_end,
    wanted_own_words, wanted_rules, raw_themes, common_themes, rule_themes, rule_patterns
) as table
with known as (
    select name_key(raw) as raw, theme
    from (select unnest(raw_themes) as raw, unnest(common_themes) as theme)
), rule as (
    select unnest(rule_themes) as theme, unnest(rule_patterns) as pattern
), by_supplier as (
    -- a file in which any comment has a theme was coded throughout
    select distinct extract from stg_comment where len(themes) > 0
), by_hand as (
    select source, response, text_key,
        arg_min(themes, first_coding) as themes, arg_min(sentiment, first_coding) as sentiment
    from stg_coding
    where outcome = 'coded'
    group by source, response, text_key
), told as (
    select
        c.*,
        case
            when s.extract is not null then 'supplier'
            when h.source is not null then 'person'
            when wanted_rules <> '' and c.has_words then 'rule'
            else ''
        end as coded_by,
        h.themes as hand_themes,
        coalesce(nullif(c.sentiment, ''), h.sentiment, '') as feeling
    from stg_asked(wanted_area, wanted_service, wanted_start, wanted_end) as c
    left join by_supplier as s using (extract)
    left join by_hand as h
        on h.source = c.source and h.response = c.response and h.text_key = c.text_key
), coded as (
    select * from told
    where coded_by <> ''
        and not list_contains(list_transform(flags, lambda flag: name_key(flag)), 'labelling not possible')
), spoken as (
    select extract, response, unnest(themes) as raw from coded where coded_by = 'supplier'
    union all
    select extract, response, unnest(hand_themes) from coded where coded_by = 'person'
    union all
    select c.extract, c.response, r.theme
    from coded as c
    join redaction as d on d.extract = c.extract and d.response = c.response and d.rules = wanted_rules
    join rule as r on regexp_matches(d.folded, r.pattern)
    where c.coded_by = 'rule'
), named as (
    select
        s.extract, s.response,
        list_sort(list(distinct case when wanted_own_words then s.raw else coalesce(k.theme, s.raw) end))
            as found
    from spoken as s
    left join known as k on k.raw = name_key(s.raw)
    group by s.extract, s.response
)
select
    c.* exclude (themes, sentiment, hand_themes, feeling),
    c.feeling as sentiment,
    coalesce(n.found, []::varchar[]) as themes
from coded as c
left join named as n on n.extract = c.extract and n.response = c.response;
