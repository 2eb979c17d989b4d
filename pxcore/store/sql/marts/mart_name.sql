-- one row per name without a code and its context: the code a person confirmed for it, or ''
create or replace table mart_name as
with named as (
    select distinct provider_name, '' as provider_context from survey_fact where provider = ''
    union
    select distinct provider_name, '' from fft_fact where provider = ''
    union
    select distinct provider_name, provider_context from response where provider = ''
    union
    select distinct provider_name, provider_context from summary where provider = ''
    union
    select distinct provider_name, provider_context from document where provider = ''
)
select n.provider_name, n.provider_context, coalesce(a.code, b.code, '') as code
from named as n
left join alias as a
    on a.name_key = name_key(n.provider_name) and a.context_key = name_key(n.provider_context)
left join alias as b on b.name_key = name_key(n.provider_name) and b.context_key = ''
order by n.provider_name, n.provider_context;
