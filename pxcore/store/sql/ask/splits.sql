-- one row per source, dimension and group its answers tell (and, as the dimension ‘mode’, per mode of
-- collection; as ‘sentiment’, per coded sentiment): how many answers
with responses as (
    unpivot (
        select source, mode, sentiment, age, sex, ethnicity, deprivation, long_term_condition,
            disability, carer
        from response
        where live
    )
    on mode, sentiment, age, sex, ethnicity, deprivation, long_term_condition, disability, carer
    into name dimension value group_value
), told as (
    select source, dimension, group_value, count(*)::double as answers
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
select source, dimension, group_value, coalesce(sum(answers), 0) as answers
from told
group by all
order by source, dimension, group_value;
