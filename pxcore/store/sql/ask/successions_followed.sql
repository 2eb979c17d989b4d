-- one row per code with data whose organisation has changed: where its walk ends, and why not if not
select m.code, m.name, m.succession, m.current_code, c.name as current_name
from mart_provider as m
left join mart_provider as c on c.code = m.current_code
where m.succession <> '' and m.code in (select provider from stg_resolved where live)
order by m.succession, m.code;
