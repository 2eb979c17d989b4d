-- one row per extract: rows that speak, before or after a change
select extract, sum(live_rows)::bigint as live_rows from (
    select extract, count(*) filter (where live) as live_rows from fft_fact
    where source in (select unnest($sources)) group by extract
    union all
    select extract, count(*) filter (where live) from survey_fact
    where source in (select unnest($sources)) group by extract
    union all
    select extract, count(*) filter (where live) from response
    where source in (select unnest($sources)) group by extract
    union all
    select extract, count(*) filter (where live) from league
    where source in (select unnest($sources)) group by extract
    union all
    select extract, count(*) filter (where live) from document
    where source in (select unnest($sources)) group by extract
    union all
    select extract, count(*) filter (where live) from summary
    where source in (select unnest($sources)) group by extract
) group by extract order by extract;
