-- one row per code known or reported: its name, where its succession ends, and who it belongs to
create or replace table mart_provider as
with recursive reported as (
    select provider as code, provider_name as name, grain, period_end as last_day from fft_fact where live
    union all
    select provider, provider_name, grain, period_end from survey_fact where live and provider <> ''
    union all
    select provider, provider_name, '', answered_on from response where live and provider <> ''
    union all
    select provider, provider_name, grain, period_end from summary where live and provider <> ''
    union all
    select parent, '', parent_grain, null from stg_parent
    union all
    select new_code, '', '', null from stg_succession where old_code in (
        select provider from fft_fact union select provider from survey_fact
    )
), named as (
    select
        code,
        -- the name of the newest period, whatever was loaded last
        arg_max(name, (coalesce(last_day, date '1900-01-01'), name)) filter (where name <> '') as name,
        arg_max(grain, (coalesce(last_day, date '1900-01-01'), grain)) filter (where grain <> '') as grain
    from reported
    where code <> ''
    group by code
), codes as (
    select
        coalesce(p.code, n.code) as code,
        coalesce(nullif(p.name, ''), n.name, '') as name,
        coalesce(nullif(p.grain, ''), n.grain, '') as grain,
        p.code is not null as in_reference,
        coalesce(p.status, '') as status
    from stg_provider as p
    full join named as n on n.code = p.code
), climbed as (
    select c.code, s.parent as ancestor, s.parent_grain as ancestor_grain, 1 as steps
    from codes as c
    join stg_parent as s on s.code = c.code
    union all
    select c.code, s.parent, s.parent_grain, c.steps + 1
    from climbed as c
    join stg_parent as s on s.code = c.ancestor
    where c.steps < 7
), ancestors as (
    select
        code,
        arg_min(ancestor, steps) filter (where ancestor_grain = 'site') as site,
        arg_min(ancestor, steps) filter (where ancestor_grain = 'trust') as trust,
        arg_min(ancestor, steps) filter (where ancestor_grain = 'pcn') as pcn,
        arg_min(ancestor, steps) filter (where ancestor_grain = 'sub_icb') as sub_icb,
        arg_min(ancestor, steps) filter (where ancestor_grain = 'icb') as icb,
        arg_min(ancestor, steps) filter (where ancestor_grain = 'region') as region
    from climbed
    group by code
)
select
    c.code, c.name, c.grain, c.in_reference, c.status,
    coalesce(w.current_code, c.code) as current_code,
    coalesce(w.succession, '') as succession,
    coalesce(a.site, case when c.grain = 'site' then c.code end, '') as site,
    coalesce(a.trust, case when c.grain = 'trust' then c.code end, '') as trust,
    coalesce(a.pcn, case when c.grain = 'pcn' then c.code end, '') as pcn,
    coalesce(a.sub_icb, case when c.grain = 'sub_icb' then c.code end, '') as sub_icb,
    coalesce(a.icb, case when c.grain = 'icb' then c.code end, '') as icb,
    coalesce(a.region, case when c.grain = 'region' then c.code end, '') as region
from codes as c
left join stg_current_provider as w on w.code = c.code
left join ancestors as a on a.code = c.code
order by c.code;
