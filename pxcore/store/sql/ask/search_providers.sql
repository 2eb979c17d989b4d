-- up to fifty organisations whose name or code holds what was typed
select code, name, grain
from mart_provider
where in_reference and (name_key(name) like '%' || name_key($said) || '%' or lower(code) = lower($said))
order by length(name), name, code
limit 50;
