-- one row per source, dimension and group its answers tell (and, as the dimension ‘mode’, per mode of
-- collection; as ‘sentiment’, per coded sentiment; as ‘stars’, beside a coded sentiment; as ‘service’, per
-- service): how many people told it
with responses as (
    unpivot (
        select source, author, mode, sentiment, service, age, sex, ethnicity, deprivation,
            long_term_condition, disability, carer,
            case when stars is not null and sentiment <> '' then 'told' else '' end as stars
        from response
        where live
    )
    on mode, sentiment, stars, service, age, sex, ethnicity, deprivation, long_term_condition, disability,
        carer
    into name dimension value group_value
), told as (
    select
        source, dimension, group_value,
        -- one person may have answered several times
        (count(*) filter (where author = '') + count(distinct author) filter (where author <> ''))::double
            as people
    from responses
    where group_value <> ''
    group by all
    union all
    select source, group_dimension, group_value, sum(respondents)
    from survey_fact
    where live and group_dimension <> ''
    group by all
    union all
    select source, group_dimension, group_value, sum(respondents)
    from summary
    where live and group_dimension <> '' and theme = ''
    group by all
)
select source, dimension, group_value, coalesce(sum(people), 0) as people
from told
group by all
order by source, dimension, group_value;
