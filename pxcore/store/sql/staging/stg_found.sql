-- comments with words that were asked for, as they may be read, and whether each was found by the words,
-- the theme and the feeling looked for. A word finds those that begin with it; a phrase its very words.
create or replace macro stg_found(
    wanted_area, wanted_service, wanted_start, wanted_end, wanted_source, wanted_theme, wanted_feeling,
    wanted_masks, wanted_begins, wanted_phrases, unwanted, raw_themes, common_themes, wanted_rules,
    rule_themes, rule_patterns
) as table
with asked as (
    select c.*, d.comment, d.folded, d.masked
    from stg_asked_with_codes(
        wanted_area, wanted_service, wanted_start, wanted_end, false, wanted_rules, raw_themes,
        common_themes, rule_themes, rule_patterns
    ) as c
    join redaction as d on d.extract = c.extract and d.response = c.response and d.rules = wanted_masks
    where c.has_words and (wanted_source = '' or c.source = wanted_source)
)
select
    *,
    (wanted_theme = '' or list_contains(themes, wanted_theme))
    and (wanted_feeling = '' or sentiment = wanted_feeling)
    and coalesce(list_bool_and(list_transform(wanted_begins, lambda word: contains(folded, ' ' || word))), true)
    and coalesce(
        list_bool_and(list_transform(wanted_phrases, lambda word: contains(folded, ' ' || word || ' '))), true
    )
    and not coalesce(list_bool_or(list_transform(unwanted, lambda word: contains(folded, ' ' || word))), false)
        as found
from asked;
