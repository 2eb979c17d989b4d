-- one row per comment asked for, and what anybody coded of it: its themes, once each, and who found them ('' where
-- nobody did). What a supplier coded stands; a comment it did not code takes the themes of the first person who
-- coded it in this app; and, only where suggestions are wanted, those of keyword rules. A comment that its coder
-- could not label tells nothing about themes.
create or replace macro stg_asked_with_codes(
    wanted_area, wanted_service, wanted_start, wanted_end,
    wanted_own_words, wanted_rules, raw_themes, common_themes, rule_themes, rule_patterns
) as table
with known as (
    select list_transform(raw_themes, lambda raw: name_key(raw)) as raw, common_themes as theme
), by_hand as (
    select source, response, text_key,
        arg_min(themes, first_coding) as themes, arg_min(sentiment, first_coding) as sentiment
    from stg_coding
    where outcome = 'coded'
    group by source, response, text_key
), coded as (
    select
        c.* exclude (themes, sentiment),
        c.themes as own_themes,
        coalesce(
            nullif(c.sentiment, ''), case when not c.not_labelled then h.sentiment end, ''
        ) as sentiment,
        case
            when c.not_labelled then ''
            when c.supplied then 'supplier'
            when h.source is not null then 'person'
            when wanted_rules <> '' and c.has_words then 'rule'
            else ''
        end as coded_by,
        case
            when c.not_labelled then []
            when c.supplied then c.themes
            when h.source is not null then h.themes
            else list_transform(
                list_filter(
                    list_zip(rule_themes, rule_patterns), lambda rule: regexp_matches(d.folded, rule[2])
                ),
                lambda rule: rule[1]
            )
        end as found
    from stg_asked(wanted_area, wanted_service, wanted_start, wanted_end) as c
    left join by_hand as h
        on h.source = c.source and h.response = c.response and h.text_key = c.text_key
    left join redaction as d
        on wanted_rules <> '' and d.rules = wanted_rules
        and d.extract = c.extract and d.response = c.response
)
select
    c.* exclude (found),
    coalesce(list_sort(list_distinct(list_transform(
        c.found,
        lambda raw: case
            when wanted_own_words then raw
            else coalesce(k.theme[list_position(k.raw, name_key(raw))], raw)
        end
    ))), []::varchar[]) as themes
from coded as c
cross join known as k;

-- those that somebody, or where it is wanted a rule, has coded
create or replace macro stg_coded(
    wanted_area, wanted_service, wanted_start, wanted_end,
    wanted_own_words, wanted_rules, raw_themes, common_themes, rule_themes, rule_patterns
) as table
select * from stg_asked_with_codes(
    wanted_area, wanted_service, wanted_start, wanted_end,
    wanted_own_words, wanted_rules, raw_themes, common_themes, rule_themes, rule_patterns
)
where coded_by <> '';
