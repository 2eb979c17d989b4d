-- one row per code that was succeeded: by how many, and by whom where by one alone
create or replace view stg_step as
select
    s.old_code,
    count(distinct s.new_code) as successors,
    count(distinct s.succeeded_on) as dates,
    min(s.new_code) as new_code,
    max(s.succeeded_on) as succeeded_on
from stg_succession as s
left join stg_provider as p on p.code = s.old_code
where p.status is distinct from 'open'
group by s.old_code;

-- one row per code that was ever succeeded: where the walk to the present ends.
-- merged: one successor at every step. split: several on one date. to_confirm: several on
-- different dates. cycle: the walk comes back to itself.
-- A code that a reference extract still lists as open is not walked: part of it moved, not it.
create or replace view stg_current_provider as
with recursive steps as (
    select * from stg_step
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
    end as succession
from ends as e
left join steps as s on s.old_code = e.reached;
