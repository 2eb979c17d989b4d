-- one row per name that stands on the list to mask: who put it there last, and when
select
    arg_max(name, changed_at) as name,
    arg_max(changed_by, changed_at) as changed_by,
    max(changed_at) as changed_at
from masked_name
group by lower(name)
having arg_max(listed, changed_at)
order by name;
