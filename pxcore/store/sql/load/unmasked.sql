-- one row per comment that was not masked by the rules in force: the words as received, for the
-- masking alone
select r.extract, r.response, r.comment
from (
    select extract, response, comment from response
    union all
    select extract, response, comment from document
) as r
left join redaction as d
    on d.extract = r.extract and d.response = r.response and d.rules = $rules
where r.comment <> '' and d.extract is null
order by r.extract, r.response;
