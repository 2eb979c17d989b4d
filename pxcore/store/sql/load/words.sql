-- one row: how many comments an extract holds
select count(*) as comments
from (
    select extract, comment from response
    union all
    select extract, comment from document
)
where extract = $extract and comment <> '';
