-- one row per source that holds answers one a row
select distinct source from response where live order by source;
