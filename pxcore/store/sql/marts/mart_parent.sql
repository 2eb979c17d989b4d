-- one row per organisation, level and span of days: to whom it belonged. `spoken_first` and `spoken_last`
-- are when that was said, `stated` all that was said on the last of these days: where it is several,
-- a list stands before a publication, then the first code counts, whatever was loaded first.
create or replace table mart_parent as
with recursive statements as (
    select
        code, parent_grain, parent,
        min(spoken_on) as spoken_first,
        max(spoken_on) as spoken_last
    from stg_stated
    group by code, parent_grain, parent
), several as (
    select code, parent_grain from statements group by code, parent_grain having count(*) > 1
), dated as (
    select
        code, parent_grain, spoken_on,
        coalesce(min(parent) filter (where listed), min(parent)) as parent,
        list_sort(list(distinct parent)) as stated
    from stg_stated
    join several using (code, parent_grain)
    group by code, parent_grain, spoken_on
    -- what bears no date counts only where nothing with one is known
    qualify spoken_on > date '0001-01-01' or count(*) over (partition by code, parent_grain) = 1
), turned as (
    select *, parent is distinct from lag(parent) over following as turns
    from dated
    window following as (partition by code, parent_grain order by spoken_on)
), numbered as (
    select *, count(*) filter (where turns) over (
        partition by code, parent_grain order by spoken_on rows unbounded preceding
    ) as run
    from turned
), runs as (
    select
        code, parent_grain, parent,
        min(spoken_on) as spoken_first,
        max(spoken_on) as spoken_last,
        arg_max(stated, spoken_on) as stated
    from numbered
    group by code, parent_grain, parent, run
    union all
    select code, parent_grain, parent, spoken_first, spoken_last, [parent]
    from statements
    anti join several using (code, parent_grain)
), spans as (
    -- before the first time anything was said, what was said then
    select
        *,
        case when row_number() over days = 1 then date '0001-01-01' else spoken_first end as since,
        coalesce(lead(spoken_first) over days, date '9999-12-31') as until,
        0 as step
    from runs
    window days as (partition by code, parent_grain order by spoken_first)
), followed as (
    -- a parent that became another after it was last named is followed from that day
    select * from spans
    union all
    select
        f.code, f.parent_grain, s.next_code, s.succeeded_on, s.succeeded_on, f.stated,
        s.succeeded_on, f.until, f.step + 1
    from followed as f
    join mart_succession as s on s.code = f.parent
    where s.next_code <> f.code and f.step < 30
        and s.succeeded_on > f.spoken_last and s.succeeded_on > f.since and s.succeeded_on < f.until
)
select
    code, parent_grain, parent, since,
    lead(since, 1, date '9999-12-31') over (partition by code, parent_grain order by since) as until,
    spoken_first, spoken_last, stated
from followed
order by code, parent_grain, since;
