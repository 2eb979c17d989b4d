-- one row per code known or reported: its name, where its succession ends, and who it belongs to as now
-- organised. The newest date decides, whatever was loaded first.
create or replace table mart_provider as
with recursive reported as (
    select provider as code, provider_name as name, grain, max(period_end) as spoken_on
    from fft_fact where live group by all
    union all
    select provider, provider_name, grain, max(period_end) from survey_fact where live group by all
    union all
    select provider, provider_name, '', coalesce(max(answered_on), date '0001-01-01')
    from response where live group by all
    union all
    select provider, provider_name, grain, max(period_end) from summary where live group by all
    union all
    select provider, provider_name, '', max(period_end) from document where live group by all
    union all
    select parent, '', parent_grain, spoken_last from mart_parent
    union all
    select w.current_code, '', m.parent_grain, m.spoken_last
    from mart_parent as m
    join mart_succession as w on w.code = m.parent
    union all
    select new_code, '', '', date '0001-01-01' from stg_succession where old_code in (
        select provider from fft_fact union select provider from survey_fact
    )
), named as (
    select
        code,
        arg_max(name, (spoken_on, name)) filter (where name <> '') as name,
        arg_max(grain, (spoken_on, grain)) filter (where grain <> '') as grain
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
), newest as (
    select
        m.code, m.parent_grain, m.spoken_last,
        case when w.succession = 'merged' then w.current_code else m.parent end as parent
    from mart_parent as m
    left join mart_succession as w on w.code = m.parent
    where m.until = date '9999-12-31'
), links as (
    -- of an organisation that others became, what was said of these where nothing is said of itself
    select code, parent_grain, parent, spoken_last
    from (
        select *, false as inherited from newest
        union all
        select n.* replace (w.current_code as code), true
        from newest as n
        join mart_succession as w on w.code = n.code and w.succession = 'merged'
    )
    where code <> parent
    qualify row_number() over (
        partition by code, parent_grain order by inherited, spoken_last desc, parent
    ) = 1
), climbed as (
    -- a chain is as new as its oldest link
    select code, parent as ancestor, parent_grain as ancestor_grain, spoken_last, 1 as steps
    from links
    union all
    select c.code, s.parent, s.parent_grain, least(c.spoken_last, s.spoken_last), c.steps + 1
    from climbed as c
    join links as s on s.code = c.ancestor
    where c.steps < 7
), nearest as (
    select code, ancestor, ancestor_grain
    from climbed
    qualify row_number() over (
        partition by code, ancestor_grain order by spoken_last desc, steps, ancestor
    ) = 1
), ancestors as (
    select
        code,
        max(ancestor) filter (where ancestor_grain = 'site') as site,
        max(ancestor) filter (where ancestor_grain = 'trust') as trust,
        max(ancestor) filter (where ancestor_grain = 'pcn') as pcn,
        max(ancestor) filter (where ancestor_grain = 'sub_icb') as sub_icb,
        max(ancestor) filter (where ancestor_grain = 'icb') as icb,
        max(ancestor) filter (where ancestor_grain = 'region') as region
    from nearest
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
left join mart_succession as w on w.code = c.code
left join ancestors as a on a.code = c.code
order by c.code;
