-- one row: the sources and the span of periods an extract speaks of
with touched as (
    select source, period_start from fft_fact where extract in (select unnest($extracts))
    union all
    select source, period_start from survey_fact where extract in (select unnest($extracts))
    union all
    select source, date_trunc('month', answered_on)::date from response
    where extract in (select unnest($extracts))
    union all
    select source, period_start from summary where extract in (select unnest($extracts))
    union all
    select source, period_start from league where extract in (select unnest($extracts))
    union all
    select source, period_start from document where extract in (select unnest($extracts))
)
select
    coalesce(list(distinct source), []) as sources,
    coalesce(min(period_start), date '1900-01-01') as first,
    coalesce(max(period_start), date '2999-12-31') as last
from touched;
