-- one row per source with comments loaded: how many people wrote those asked for, what is known of them, and
-- the cell keys. Who coded a source and which files hold it hangs on no filter, for that would tell of few.
with by_hand as (
    select distinct source, response, text_key from stg_coding where outcome = 'coded'
), loaded as (
    select
        c.source,
        bool_or(c.supplied) as coded_by_supplier,
        bool_or(not c.supplied and h.source is not null) as coded_by_hand,
        list_sort(list(distinct c.extract)) as extracts
    from stg_comment as c
    left join by_hand as h
        on h.source = c.source and h.response = c.response and h.text_key = c.text_key
    group by c.source
), people as (
    select
        source, person, max(record_key) as record_key,
        bool_or(has_words) as with_words,
        bool_or(not_labelled) as not_labelled,
        bool_or(answered_on is null) as undated
    from stg_asked($area, $service, $start, $end)
    group by source, person
)
select
    l.source, l.coded_by_supplier, l.coded_by_hand, l.extracts,
    count(p.person)::double as people,
    (count(*) filter (where p.with_words))::double as with_words,
    (count(*) filter (where p.not_labelled))::double as not_labelled,
    (count(*) filter (where p.undated))::double as undated,
    cell_key(coalesce(sum(p.record_key), 0)) as people_key,
    cell_key(coalesce(sum(p.record_key) filter (where p.with_words), 0)) as with_words_key,
    cell_key(coalesce(sum(p.record_key) filter (where p.not_labelled), 0)) as not_labelled_key,
    cell_key(coalesce(sum(p.record_key) filter (where p.undated), 0)) as undated_key
from loaded as l
left join people as p using (source)
group by l.source, l.coded_by_supplier, l.coded_by_hand, l.extracts
order by l.source;
