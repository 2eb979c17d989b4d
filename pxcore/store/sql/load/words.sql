-- one row: how many comments an extract holds
select count(*) as comments from response where extract = $extract and comment <> '';
