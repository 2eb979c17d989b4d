-- one row per organisation that others became: their codes, and when the last of them did
select p.current_code as unit, string_agg(distinct p.code, ' and ' order by p.code) as parts,
    max(s.succeeded_on) as succeeded_on
from mart_provider as p
join stg_succession as s on s.old_code = p.code
where p.succession = 'merged'
group by p.current_code
order by p.current_code;
