-- one row per source, measure, grain and period: how much was loaded, and how much is withheld
create or replace table mart_coverage as
select
    source, measure, grain, period_start, period_end,
    count(distinct case when provider <> '' then provider else provider_name end)
        filter (where withheld = 'none') as providers,
    count(distinct case when provider <> '' then provider else provider_name end)
        filter (where withheld <> 'none') as providers_withheld,
    sum(rows) as rows,
    sum(respondents) filter (where withheld = 'none') as respondents,
    count(respondents) filter (where withheld = 'none') > 0 as has_base,
    bool_or(period_approximate) as period_approximate
from stg_observation
where live and group_dimension = '' and theme = ''
group by all
order by source, measure, grain, period_start;
