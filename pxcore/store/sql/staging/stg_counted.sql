-- row-level answers counted: one row per source, measure, provider, service, month, extract and, where a
-- dimension is asked for, group. Of one source or ('') of all; without the answers that came by some modes;
-- with comments counted as usual ('': positive or not), with neutral left out and mixed as half ('B'), or
-- by their stars ('C'). An answer that counts neither way (don't know in a survey) is outside the
-- denominator. `answered` holds what confidential counts are shown from: disjoint answers counted, and the sums of
-- the keys of those who gave them (staging/cell_key.sql).
create or replace macro stg_counted(wanted_source, without_modes, wanted_dimension, wanted_sentiment)
as table
with answered as (
    select
        r.extract, r.live, r.source, a.measure,
        -- the grain a local row speaks of: the source's own, or that of the code it names
        coalesce(nullif(p.grain, ''), '') as grain,
        r.provider, r.provider_name, r.provider_context, r.service,
        date_trunc('month', r.answered_on)::date as period_start,
        last_day(r.answered_on) as period_end,
        wanted_dimension as group_dimension,
        case wanted_dimension
            when 'age' then r.age
            when 'sex' then r.sex
            when 'ethnicity' then r.ethnicity
            when 'deprivation' then r.deprivation
            when 'long_term_condition' then r.long_term_condition
            when 'disability' then r.disability
            when 'carer' then r.carer
            else ''
        end as group_value,
        case
            when wanted_sentiment = '' or r.sentiment = '' or a.measure <> 'overall' then a.positive
            when wanted_sentiment = 'C' then (r.stars >= 4)::double  -- none without stars
            when r.sentiment = 'positive' then 1
            when r.sentiment = 'mixed' then 0.5
            when r.sentiment = 'negative' then 0
        end as positive,
        case
            when wanted_sentiment = '' or r.sentiment = '' or a.measure <> 'overall' then a.score
        end as score,
        case
            when wanted_sentiment = '' or r.sentiment = '' or a.measure <> 'overall' then a.scale_low
        end as scale_low,
        case
            when wanted_sentiment = '' or r.sentiment = '' or a.measure <> 'overall' then a.scale_high
        end as scale_high,
        r.author,
        key_of(r.record_key, r.comment <> '' and d.source is not null) as record_key
    from response as r
    join answer as a using (extract, response)
    left join mart_readable as d
        on d.source = r.source
        and d.provider = r.provider
        and d.provider_name = r.provider_name
        and d.provider_context = r.provider_context
    left join stg_provider as p on p.code = r.provider
    where (wanted_source = '' or r.source = wanted_source)
        and not list_contains(without_modes, r.mode)
)
select
    extract, live, source, measure, grain, provider, provider_name, provider_context, service,
    period_start, period_end, group_dimension, group_value,
    case when count(positive) > 0 then count(positive) else count(score) end::double as respondents,
    sum(positive)::double as positive,
    case
        when count(positive) > 0 then sum(positive) / count(positive)
        when count(score) > 0 then avg(score)
    end as value,
    case when count(positive) + count(score) = 0 then 'missing' else 'none' end as withheld,
    count(*)::integer as rows,
    -- one person may have left several comments, in several months: who they are is kept, once an answer, so
    -- that an effective number counts people
    count(*) filter (where author = '' and (positive is not null or score is not null)) as anonymous,
    list({'author': author, 'key': record_key})
        filter (where author <> '' and (positive is not null or score is not null)) as authors,
    case when count(positive) = 0 then sum(score * score) end as squares,
    {
        'positive_answers': (count(*) filter (where positive = 1))::double,
        'half_answers': (count(*) filter (where positive = 0.5))::double,
        'rest_answers': (count(*) filter (where positive = 0))::double,
        'positive_key': coalesce(sum(record_key) filter (where positive = 1), 0),
        'half_key': coalesce(sum(record_key) filter (where positive = 0.5), 0),
        'rest_key': coalesce(sum(record_key) filter (where positive = 0), 0),
        'score_key': case
            when count(positive) = 0 and count(score) > 0
                then sum(record_key) filter (where score is not null)
        end,
        'people_key': coalesce(
            sum(record_key) filter (where positive is not null or score is not null), 0
        ),
        'anonymous_key': coalesce(
            sum(record_key) filter (where author = '' and (positive is not null or score is not null)), 0
        ),
        'rows_key': coalesce(sum(record_key), 0),
        'scale_low': min(scale_low),
        'scale_high': max(scale_high)
    } as answered
from answered
group by all;
