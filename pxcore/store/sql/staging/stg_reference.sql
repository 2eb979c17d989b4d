-- one row per organisation: as the newest reference extract has it, whatever was loaded last. A
-- file that says no date is as new as the last opening or closing in it, else as its loading.
create or replace view stg_provider as
with dated as (
    select extract, greatest(max(opened), max(closed)) as newest from provider group by extract
), ranked as (
    select
        p.*,
        row_number() over (
            partition by p.code
            order by
                coalesce(e.as_at, d.newest, e.loaded_at)::date desc,
                p.extract desc, p.cell
        ) as place
    from provider as p
    join extract as e using (extract)
    join dated as d using (extract)
    where e.status = 'loaded'
)
select code, name, grain, status, opened, closed, postcode, extract
from ranked
where place = 1;

-- one row per child and grain of parent: as the latest reference extract has it, else as the
-- latest published row says (a trust's integrated care board, a site's trust)
create or replace view stg_parent as
with stated as (
    select p.code, p.parent, p.parent_grain, 1 as trust_in_it, p.extract
    from parent as p
    join extract as e using (extract)
    where e.status = 'loaded' and p.parent <> ''
    union all
    select provider, icb, 'icb', 0, max(extract)
    from fft_fact
    where live and icb <> '' and grain in ('trust', 'site', 'practice')
    group by all
    union all
    select provider, parent, case grain when 'site' then 'trust' else 'site' end, 0, max(extract)
    from fft_fact
    where live and parent <> '' and grain in ('site', 'ward')
    group by all
    union all
    select provider, parent, 'icb', 0, max(extract)
    from survey_fact
    where live and parent <> '' and provider <> '' and grain = 'practice'
    group by all
), ranked as (
    select
        *,
        row_number() over (
            partition by code, parent_grain order by trust_in_it desc, extract desc, parent
        ) as place
    from stated
    where code <> parent
)
select code, parent, parent_grain from ranked where place = 1;

-- one row per old code, new code and date, self-loops left out
create or replace view stg_succession as
select distinct s.old_code, s.new_code, s.succeeded_on
from succession as s
join extract as e using (extract)
where e.status = 'loaded' and s.old_code <> s.new_code;
