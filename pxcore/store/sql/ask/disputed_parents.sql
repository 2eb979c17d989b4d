-- one row per organisation and level on which, on the newest date of which anything is said, several are
-- named that are not one by now: the one that counts, and the others
with named as (
    select
        m.code, m.parent_grain, m.parent, m.spoken_last, unnest(m.stated) as stated
    from mart_parent as m
    where m.until = date '9999-12-31' and len(m.stated) > 1
), walked as (
    select
        n.* exclude (stated, parent),
        case when p.succession = 'merged' then p.current_code else n.parent end as parent,
        case when w.succession = 'merged' then w.current_code else n.stated end as stated
    from named as n
    left join mart_succession as w on w.code = n.stated
    left join mart_succession as p on p.code = n.parent
)
select
    coalesce(case when m.succession = 'merged' then m.current_code end, d.code) as unit,
    d.parent_grain as grain, d.parent,
    list_sort(list(distinct d.stated) filter (where d.stated <> d.parent)) as others
from walked as d
left join mart_provider as m on m.code = d.code
group by all
having count(*) filter (where d.stated <> d.parent) > 0
order by unit, grain, parent, others;
