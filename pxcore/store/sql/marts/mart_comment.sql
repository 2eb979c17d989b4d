-- one row per response that speaks and in which somebody said something: a comment, or themes that a
-- supplier found in one whose words were left out. With whom it is about, who said it, and the area.
create or replace table mart_comment as
with spoken as (
    select
        r.extract, r.response, r.source, r.service, r.answered_on,
        date_trunc('month', r.answered_on)::date as month,
        r.sentiment, r.themes, r.flags,
        -- its coder could not
        list_contains(list_transform(r.flags, lambda flag: name_key(flag)), 'labelling not possible') as not_labelled,
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
    )
)
-- a file in which any comment has a theme was coded throughout
select *, bool_or(len(themes) > 0) over (partition by extract) as supplied
from spoken;
