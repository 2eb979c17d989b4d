-- one row per source and dimension: of the responses it holds one a row, how many tell a group (and how many
-- people are behind those, and behind the others); and whether its files publish figures by group,
-- or at least how many of each were heard
with responses as (
    unpivot (
        select source, author, age, sex, ethnicity, deprivation, long_term_condition, disability, carer
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
        -- one person may have answered several times
        (count(*) filter (where group_value <> '' and author = '')
            + count(distinct author) filter (where group_value <> '' and author <> ''))::double
            as people,
        (count(*) filter (where group_value = '' and author = '')
            + count(distinct author) filter (where group_value = '' and author <> ''))::double
            as other_people,
        false as published, false as heard
    from responses
    group by all
), published as (
    select source, group_dimension as dimension, null::double as answers, null::double as told,
        null::double as people, null::double as other_people,
        value is not null or positive is not null as published, true as heard
    from survey_fact
    where live and group_dimension <> ''
    union all
    select source, group_dimension, null, null, null, null,
        value is not null or positive is not null, true
    from summary
    where live and group_dimension <> '' and theme = ''
)
select
    source, dimension, max(answers) as answers, max(told) as told,
    max(people) as people, max(other_people) as other_people, bool_or(published) as published,
    bool_or(heard) as heard
from (from held union all from published)
group by all
order by source, dimension;
