-- one row per code known or reported
select code from mart_provider order by code;
