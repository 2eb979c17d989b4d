-- one row per source, measure, grain and period: how much was loaded, and how much is withheld;
-- `organisations` are all the source has a value of at that grain, over its measures and periods
create or replace table mart_coverage as
with observed as materialized (
    select *, case when provider <> '' then provider else provider_name end as organisation
    from stg_observation
    where live and group_dimension = '' and theme = ''
), known as (
    select source, grain, count(distinct organisation) as organisations
    from observed
    where withheld = 'none'
    group by all
)
select
    source, measure, grain, period_start, period_end,
    count(distinct organisation) filter (where withheld = 'none') as providers,
    count(distinct organisation) filter (where withheld <> 'none') as providers_withheld,
    sum(rows) as rows,
    sum(respondents) filter (where withheld = 'none') as respondents,
    -- the cell keys of single responses
    cell_key(sum(answered.people_key) filter (where withheld = 'none')) as people_key,
    cell_key(sum(answered.rows_key)) as rows_key,
    count(respondents) filter (where withheld = 'none') > 0 as has_base,
    bool_or(period_approximate) as period_approximate,
    coalesce(any_value(organisations), 0) as organisations
from observed
left join known using (source, grain)
group by source, measure, grain, period_start, period_end
order by source, measure, grain, period_start;
