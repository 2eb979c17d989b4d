-- one row per code and span of days in which it belonged to others than now: to whom, as reported then.
-- A code that has none belonged to the same as now all the time.
create or replace table mart_belonging as
with recursive moved as (
    select m.code
    from mart_parent as m
    left join mart_succession as w on w.code = m.parent and w.succession = 'merged'
    where m.since > date '0001-01-01' or w.code is not null
    union
    select m.code from mart_parent as m join moved on m.parent = moved.code
), climbed as (
    select
        code, parent as ancestor, parent_grain as grain, since, until, spoken_first, spoken_last,
        1 as steps
    from mart_parent
    semi join moved using (code)
    union all
    select
        c.code, m.parent, m.parent_grain, greatest(c.since, m.since), least(c.until, m.until),
        greatest(c.spoken_first, m.spoken_first), least(c.spoken_last, m.spoken_last), c.steps + 1
    from climbed as c
    join mart_parent as m on m.code = c.ancestor and m.since < c.until and c.since < m.until
    where c.steps < 7 and m.parent <> c.code
), days as (
    select distinct code, unnest([since, spoken_first, spoken_last + 1])::date as since from climbed
), nearest as (
    -- as was last said by that day; else as was first said afterwards; else as is said without a date
    select d.code, d.since, c.grain, c.ancestor
    from days as d
    join climbed as c on c.code = d.code and c.since <= d.since and d.since < c.until
    qualify row_number() over (
        partition by d.code, d.since, c.grain
        order by
            c.spoken_last = date '0001-01-01',
            c.spoken_first > d.since,
            case when c.spoken_first <= d.since then least(c.spoken_last, d.since) end desc,
            c.spoken_first, c.steps, c.ancestor
    ) = 1
), belonging as (
    select
        code, since,
        coalesce(max(ancestor) filter (where grain = 'site'), '') as site,
        coalesce(max(ancestor) filter (where grain = 'trust'), '') as trust,
        coalesce(max(ancestor) filter (where grain = 'pcn'), '') as pcn,
        coalesce(max(ancestor) filter (where grain = 'sub_icb'), '') as sub_icb,
        coalesce(max(ancestor) filter (where grain = 'icb'), '') as icb,
        coalesce(max(ancestor) filter (where grain = 'region'), '') as region
    from nearest
    group by code, since
)
select
    b.code, b.since,
    lead(b.since, 1, date '9999-12-31') over (partition by b.code order by b.since) as until,
    coalesce(nullif(b.site, ''), case when p.grain = 'site' then b.code end, '') as site,
    coalesce(nullif(b.trust, ''), case when p.grain = 'trust' then b.code end, '') as trust,
    coalesce(nullif(b.pcn, ''), case when p.grain = 'pcn' then b.code end, '') as pcn,
    coalesce(nullif(b.sub_icb, ''), case when p.grain = 'sub_icb' then b.code end, '') as sub_icb,
    coalesce(nullif(b.icb, ''), case when p.grain = 'icb' then b.code end, '') as icb,
    coalesce(nullif(b.region, ''), case when p.grain = 'region' then b.code end, '') as region
from belonging as b
join mart_provider as p using (code)
order by b.code, b.since;
