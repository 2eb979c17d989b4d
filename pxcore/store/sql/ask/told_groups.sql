-- one row per source and dimension: of the people whose responses it holds one a row, how many tell a group and
-- how many do not, with their cell keys; and whether its files publish figures by group, or at least how many of
-- each were heard
with responses as (
    unpivot (
        select source, author, record_key, age, sex, ethnicity, deprivation, long_term_condition, disability,
            carer
        from stg_response
        where live
    )
    on age, sex, ethnicity, deprivation, long_term_condition, disability, carer
    into name dimension value group_value
), by_author as (
    select
        source, dimension, author,
        (count(*) filter (where group_value <> ''))::double as told,
        (count(*) filter (where group_value = ''))::double as untold,
        coalesce(sum(record_key) filter (where group_value <> ''), 0) as told_key,
        coalesce(sum(record_key) filter (where group_value = ''), 0) as untold_key,
        max(record_key) as own_key
    from responses
    group by source, dimension, author
), held as (
    -- one person may have answered several times, and told it once
    select
        source, dimension,
        sum(case when author = '' then told else (told > 0)::double end) as told,
        sum(case when author = '' then untold else (told = 0)::double end) as untold,
        cell_key(sum(case when author = '' then told_key when told > 0 then own_key else 0 end)) as told_key,
        cell_key(sum(case when author = '' then untold_key when told = 0 then own_key else 0 end)) as untold_key,
        false as published, false as heard
    from by_author
    group by source, dimension
), published as (
    select source, group_dimension as dimension, null::double as told, null::double as untold,
        null::double as told_key, null::double as untold_key,
        value is not null or positive is not null as published, true as heard
    from survey_fact
    where live and group_dimension <> ''
    union all
    select source, group_dimension, null, null, null, null,
        value is not null or positive is not null, true
    from fft_fact
    where live and group_dimension <> ''
    union all
    select source, group_dimension, null, null, null, null,
        value is not null or positive is not null, true
    from summary
    where live and group_dimension <> '' and theme = ''
)
select
    source, dimension, max(told) as told, max(untold) as untold,
    max(told_key) as told_key, max(untold_key) as untold_key,
    bool_or(published) as published, bool_or(heard) as heard
from (from held union all from published)
group by all
order by source, dimension;
