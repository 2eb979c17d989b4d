-- one row per source, measure, provider, service, month and extract: row-level answers counted.
-- An answer that counts neither way (don't know in a survey) is outside the denominator.
create or replace table mart_response as
with answered as (
    select
        r.extract, r.live, r.source, a.measure,
        -- the grain a local row speaks of: the source's own, or that of the code it names
        coalesce(nullif(p.grain, ''), '') as grain,
        r.provider, r.provider_name, r.provider_context, r.service,
        date_trunc('month', r.answered_on)::date as period_start,
        last_day(r.answered_on) as period_end,
        a.positive, a.score, a.scale_low,
        r.author
    from response as r
    join answer as a using (extract, response)
    left join stg_provider as p on p.code = r.provider
)
select
    extract, live, source, measure, grain, provider, provider_name, provider_context, service,
    period_start, period_end,
    case when count(positive) > 0 then count(positive) else count(score) end::double as respondents,
    sum(positive) as positive,
    case
        when count(positive) > 0 then sum(positive) / count(positive)
        when count(score) > 0 then avg(score)
    end as value,
    case when count(positive) + count(score) = 0 then 'missing' else 'none' end as withheld,
    count(*)::integer as rows,
    -- one person may have left several comments, in several months: who they are is kept, so that an
    -- effective number counts people
    count(*) filter (where author = '' and (positive is not null or score is not null)) as anonymous,
    list(distinct author) filter (where author <> '' and (positive is not null or score is not null))
        as authors,
    case when count(positive) = 0 then sum(score * score) end as squares
from answered
group by all
order by source, measure, provider, provider_name, period_start;
