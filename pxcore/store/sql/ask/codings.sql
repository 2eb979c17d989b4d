-- one row per coder and comment that speaks: the themes the coder found. What a supplier found is a
-- coder's word too, where somebody coded the same comment here.
with asked as (
    select * from stg_comment where has_words and source = $source
), by_people as (
    select a.extract, a.response, a.source, o.coder, o.outcome, o.themes, o.sentiment
    from stg_coding as o
    join asked as a on a.source = o.source and a.response = o.response and a.text_key = o.text_key
), known as (
    select name_key(raw) as raw, theme from (select unnest($raw) as raw, unnest($common) as theme)
), spoken as (
    select a.extract, a.response, a.source, a.sentiment, unnest(a.themes) as raw
    from asked as a
    semi join by_people as p on p.extract = a.extract and p.response = a.response
    where len(a.themes) > 0
)
select extract, response, source, coder, outcome, themes, sentiment, false as supplier from by_people
union all
select s.extract, s.response, s.source, 'the supplier', 'coded',
    list(distinct coalesce(k.theme, s.raw)), any_value(s.sentiment), true
from spoken as s
left join known as k on k.raw = name_key(s.raw)
group by s.extract, s.response, s.source
order by coder, source, response;
