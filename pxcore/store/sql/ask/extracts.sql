-- one row per extract: its provenance, and how many of its rows speak
with counted as (
    select extract, count(*) as rows, count(*) filter (where live) as live_rows,
        min(period_start) as period_start, max(period_end) as period_end,
        list(distinct source) as sources, null::hugeint as fact_key, null::hugeint as live_key
    from fft_fact group by extract
    union all
    select extract, count(*), count(*) filter (where live), min(period_start), max(period_end),
        list(distinct source), null, null
    from survey_fact group by extract
    union all
    select extract, count(*), count(*) filter (where live), min(answered_on), max(answered_on),
        list(distinct source), sum(record_key), coalesce(sum(record_key) filter (where live), 0)
    from stg_response group by extract
    union all
    select extract, count(*), count(*) filter (where live), min(period_start), max(period_end),
        list(distinct source), null, null
    from summary group by extract
    union all
    select extract, count(*), count(*) filter (where live), min(period_start), max(period_end),
        list(distinct source), null, null
    from document group by extract
    union all
    select extract, count(*), count(*) filter (where live), min(period_start), max(period_end),
        list(distinct source), null, null
    from league group by extract
), facts as (
    select extract, sum(rows)::bigint as rows, sum(live_rows)::bigint as live_rows,
        min(period_start) as period_start, max(period_end) as period_end,
        list_sort(list_distinct(flatten(list(sources)))) as sources,
        -- of a file of single responses
        cell_key(sum(fact_key)) as fact_key, cell_key(sum(live_key)) as live_key
    from counted group by extract
)
select
    e.*,
    coalesce(f.rows, 0) as fact_rows,
    coalesce(f.live_rows, 0) as live_rows,
    f.fact_key, f.live_key,
    f.period_start, f.period_end,
    coalesce(array_to_string(f.sources, ', '), '') as sources,
    e.extract in (select extract from history where event = 'erased') as erased,
    e.extract in (
        select extract from redaction
        union all
        select extract from response where len(themes) > 0 or len(flags) > 0
    ) as has_comments
from extract as e
left join facts as f using (extract)
order by e.extract desc;
