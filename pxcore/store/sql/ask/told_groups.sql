-- one row per source and dimension: how many of its answers are held one a row, and how many of those tell a
-- group; and whether its files publish figures by group
with responses as (
    unpivot (
        select source, age, sex, ethnicity, deprivation, long_term_condition, disability, carer
        from response
        where live
    )
    on age, sex, ethnicity, deprivation, long_term_condition, disability, carer
    into name dimension value group_value
), held as (
    select
        source, dimension,
        count(*)::double as answers,
        count(*) filter (where group_value <> '')::double as told,
        false as published
    from responses
    group by all
), published as (
    select source, group_dimension as dimension, null::double as answers, null::double as told,
        true as published
    from survey_fact
    where live and group_dimension <> ''
    union all
    select source, group_dimension, null, null, true
    from summary
    where live and group_dimension <> '' and theme = ''
)
select
    source, dimension, max(answers) as answers, max(told) as told, bool_or(published) as published
from (select * from held union all select * from published)
group by all
order by source, dimension;
