-- one row per response as stg_named has it, and what it adds to a cell key
create or replace view stg_response as
select
    n.* replace (key_of(n.record_key, n.comment <> '' and r.source is not null) as record_key)
from stg_named as n
left join mart_readable as r using (source, provider, provider_name, provider_context);
