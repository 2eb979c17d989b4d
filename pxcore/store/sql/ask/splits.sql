-- one row per source, dimension and group its answers tell (and, as the dimension ‘mode’, per mode of
-- collection; as ‘sentiment’, per coded sentiment; as ‘stars’, beside a coded sentiment; as ‘service’, per
-- service): how many people told it, and their cell key where they are confidential
with responses as (
    unpivot (
        select source, author, record_key, mode, sentiment, service, age, sex, ethnicity, deprivation,
            long_term_condition, disability, carer,
            case when stars is not null and sentiment <> '' then 'told' else '' end as stars
        from stg_response
        where live
    )
    on mode, sentiment, stars, service, age, sex, ethnicity, deprivation, long_term_condition, disability,
        carer
    into name dimension value group_value
), told as (
    select
        source, dimension, group_value,
        -- one person may have answered several times, always with the same key
        (case when author = '' then count(*) else 1 end)::double as people,
        case when author = '' then sum(record_key) else max(record_key) end as people_key
    from responses
    where group_value <> ''
    group by source, dimension, group_value, author
    union all
    select source, group_dimension, group_value, sum(respondents),
        sum(counted_confidentially(respondents, positive, record_key).people_key) filter (where confidential)
    from survey_fact
    where live and group_dimension <> ''
    group by all
    union all
    select source, group_dimension, group_value, sum(respondents),
        sum(counted_confidentially(respondents, positive, record_key).people_key) filter (where confidential)
    from fft_fact
    where live and group_dimension <> ''
    group by all
    union all
    select source, group_dimension, group_value, sum(respondents), null
    from summary
    where live and group_dimension <> '' and theme = ''
    group by all
)
select
    source, dimension, group_value,
    coalesce(sum(people), 0) as people,
    cell_key(sum(people_key)) as people_key
from told
group by all
order by source, dimension, group_value;
