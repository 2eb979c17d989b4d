-- comments as mart_comment has them
create or replace view stg_comment as
select * from mart_comment;

-- one row per coder and comment: what the coder said last of it
create or replace view stg_coding as
select
    source, response, text_key, coder,
    arg_max(outcome, coding) as outcome,
    arg_max(themes, coding) as themes,
    arg_max(sentiment, coding) as sentiment,
    min(coding) as first_coding
from coding
group by source, response, text_key, coder;

-- those of them an area, a service and a span of days ask for; null for any day, undated ones too
create or replace macro stg_asked(wanted_area, wanted_service, wanted_start, wanted_end) as table
select * from stg_comment
where (wanted_area = '' or wanted_area in (icb, region, sub_icb, pcn, trust, unit))
    and (wanted_service = '' or service = wanted_service)
    and (wanted_start is null or answered_on between wanted_start and wanted_end);
