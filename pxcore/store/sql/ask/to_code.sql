-- one comment to be coded next by a coder, in an order that is drawn and stays, and how many of the source the
-- coder has been through. Without whom it is about or when: who codes needs neither.
with waiting as (
    select c.extract, c.response, c.source, c.service, c.text_key, d.comment,
        exists (
            select 1 from stg_coding as o
            where o.source = c.source and o.response = c.response and o.text_key = c.text_key
                and o.coder <> $coder and o.outcome = 'coded'
        ) as by_another
    from stg_asked($area, $service, $start, $end) as c
    join redaction as d on d.extract = c.extract and d.response = c.response and d.rules = $masks
    left join stg_coding as o
        on o.source = c.source and o.response = c.response and o.text_key = c.text_key
        and o.coder = $coder and o.outcome <> 'withdrawn'
    where c.has_words and c.source = $source and o.coder is null
)
select
    *,
    (
        select count(*) from stg_coding as o
        where o.source = $source and o.coder = $coder and o.outcome <> 'withdrawn'
    ) as done
from waiting
where not $again or by_another
order by md5(text_key || response)
limit 1;
