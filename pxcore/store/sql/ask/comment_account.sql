-- one row per source with comments asked for: how many, from how many people, and what is known of them
with by_supplier as (
    select distinct extract from stg_comment where len(themes) > 0
), by_hand as (
    select distinct source, response, text_key from stg_coding where outcome = 'coded'
)
select
    c.source,
    count(*) as comments,
    count(distinct c.person) as people,
    count(*) filter (where c.has_words) as with_words,
    count(*) filter (where s.extract is not null) as coded_by_supplier,
    count(*) filter (where s.extract is null and h.source is not null) as coded_by_hand,
    count(*) filter (
        where list_contains(list_transform(c.flags, lambda flag: name_key(flag)), 'labelling not possible')
    ) as not_labelled,
    count(distinct c.person) filter (where s.extract is not null or h.source is not null) as coded_people,
    count(*) filter (where c.answered_on is null) as undated,
    min(c.answered_on) as first,
    max(c.answered_on) as last,
    list_sort(list(distinct c.extract)) as extracts
from stg_asked($area, $service, $start, $end) as c
left join by_supplier as s using (extract)
left join by_hand as h
    on h.source = c.source and h.response = c.response and h.text_key = c.text_key
group by c.source
order by c.source;
