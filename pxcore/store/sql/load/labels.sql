-- one row per word in which suppliers code, and on how many rows it stands: as received, for the masking
-- alone. Themes, flags, services and groups are short, but written by people.
with said as (
    select unnest(themes) as label from response
    union all
    select unnest(flags) from response
    union all
    select unnest([
        service_raw, mode, age, sex, ethnicity, deprivation, long_term_condition, disability, carer
    ])
    from response
    union all
    select theme from summary
    union all
    select unnest([theme, method, written_by]) from document
)
select label, count(*) as rows
from said
where label <> ''
group by label
order by label;
