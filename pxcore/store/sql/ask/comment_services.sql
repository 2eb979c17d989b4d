-- one row per service that comments speak of
select service, count(distinct person) as people from stg_comment where service <> '' group by service order by service;
