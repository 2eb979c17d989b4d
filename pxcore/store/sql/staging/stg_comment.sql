-- one row per response that speaks and in which somebody said something: a comment, or themes that a
-- supplier found in one whose words were left out. With whom it is about, who said it, and the area.
create or replace view stg_comment as
select
    r.extract, r.response, r.source, r.service, r.answered_on,
    date_trunc('month', r.answered_on)::date as month,
    r.sentiment, r.themes, r.flags,
    r.comment <> '' as has_words,
    -- the words without the breaks of lines inside them, which were folded once: codes outlive that
    md5(replace(r.comment, chr(8232), ' ')) as text_key,
    -- an organisation known only by name is told apart by it
    case when r.unit <> '' then r.unit else 'name ' || name_key(r.provider_name) end as organisation,
    r.unit,
    coalesce(nullif(p.name, ''), r.provider_name) as organisation_name,
    -- one author is one person, in however many comments
    case
        when r.author <> '' then 'a ' || r.author
        else 'r ' || r.extract || ' ' || r.response
    end as person,
    r.record_key,
    coalesce(p.icb, '') as icb,
    coalesce(p.region, '') as region,
    coalesce(p.sub_icb, '') as sub_icb,
    coalesce(p.pcn, '') as pcn,
    coalesce(p.trust, '') as trust
from stg_response as r
left join mart_provider as p on p.code = r.unit
where r.live and (r.comment <> '' or len(r.themes) > 0 or len(r.flags) > 0)
-- rows without a date speak in every file that holds them: of one comment, the latest counts
qualify r.answered_on is not null or r.comment = '' or r.extract = max(r.extract) over (
    partition by r.source, r.response, replace(r.comment, chr(8232), ' '), r.provider,
        r.provider_name
);

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
