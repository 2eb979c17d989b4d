-- one row per observation: a measure of a source for an organisation and a period, from one
-- extract. `rows` counts the rows of the file behind it. A name without a code takes the code a
-- person confirmed for it.
create or replace view stg_observation as
select
    'fft_fact' as origin, extract, live, source, measure, grain, provider, provider_name,
    '' as provider_context, '' as service, period_start, period_end, false as period_approximate,
    group_dimension, group_value, '' as theme,
    respondents, positive, value, null::double as low, null::double as high,
    null::double as standard_error, eligible, withheld, 1 as rows,
    mode_sms as by_text,
    list_sum([
        mode_sms, mode_electronic_discharge, mode_electronic_home, mode_electronic_at_appointment,
        mode_electronic_after_appointment, mode_paper_discharge, mode_paper_home,
        mode_paper_at_appointment, mode_paper_after_appointment, mode_telephone, mode_online,
        mode_other
    ]) as by_any_mode,  -- null where the file tells no modes
    -- of confidential answers
    case when confidential then respondents::bigint end as anonymous,
    null::struct(author varchar, key hugeint)[] as authors, null::double as squares,
    case when confidential then counted_confidentially(respondents, positive, record_key) end as answered
from fft_fact
union all
select
    'survey_fact', extract, live, source, measure, grain, provider, provider_name,
    '', service, period_start, period_end, period_approximate,
    group_dimension, group_value, '',
    respondents, coalesce(positive, case when value between 0 and 1 then value * respondents end),
    value, low, high, standard_error, eligible, withheld, 1, null, null,
    case when confidential then respondents::bigint end, null, null,
    case when confidential then counted_confidentially(respondents, positive, record_key) end
from survey_fact
union all
select
    'summary', extract, live, source, measure, grain, provider, provider_name,
    provider_context, service, period_start, period_end, false,
    group_dimension, group_value, theme,
    respondents, positive, value, null, null,
    null, null, withheld, 1, null, null, null, null, null, null
from summary
union all
select
    'response', extract, live, source, measure, grain, provider, provider_name,
    provider_context, service, period_start, period_end, false,
    '', '', '',
    respondents, positive, value, null, null,
    null, null, withheld, rows, null, null, anonymous, authors, squares, answered
from mart_response;

create or replace view stg_resolved as
select
    o.* exclude (provider),
    case when o.provider <> '' then o.provider else coalesce(n.code, '') end as provider
from stg_observation as o
left join mart_name as n
    on n.provider_name = o.provider_name
    and n.provider_context = o.provider_context
    and o.provider = '';
