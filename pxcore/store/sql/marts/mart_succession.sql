-- one row per code that was ever succeeded: where the walk to the present ends.
-- merged: one successor at every step. split: several on one date. to_confirm: several on
-- different dates. cycle: the walk comes back to itself.
-- A code that a reference extract still lists as open is not walked: part of it moved, not it.
create or replace table mart_succession as
with recursive steps as (
    select
        s.old_code,
        count(distinct s.new_code) as successors,
        count(distinct s.succeeded_on) as dates,
        min(s.new_code) as new_code,
        max(s.succeeded_on) as succeeded_on
    from stg_succession as s
    left join stg_provider as p on p.code = s.old_code
    where p.status is distinct from 'open'
    group by s.old_code
), walk as (
    select
        old_code as code,
        old_code as reached,
        1 as step,
        [old_code] as path
    from steps
    union all
    select w.code, s.new_code, w.step + 1, list_append(w.path, s.new_code)
    from walk as w
    join steps as s on s.old_code = w.reached
    where s.successors = 1 and not list_contains(w.path, s.new_code) and w.step < 30
), ends as (
    select code, arg_max(reached, step) as reached
    from walk
    group by code
)
select
    e.code,
    case when s.successors is null then e.reached else e.code end as current_code,
    case
        when s.successors is null then 'merged'
        when s.successors > 1 and s.dates = 1 then 'split'
        when s.successors > 1 then 'to_confirm'
        else 'cycle'
    end as succession,
    case when o.successors = 1 then o.new_code end as next_code,  -- the first step, and its day
    case when o.successors = 1 then o.succeeded_on end as succeeded_on
from ends as e
join steps as o on o.old_code = e.code
left join steps as s on s.old_code = e.reached
order by e.code;
