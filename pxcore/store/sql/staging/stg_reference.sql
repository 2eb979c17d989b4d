-- one row per extract loaded: the date its reference rows speak of. Its own; else the newest day on
-- which an organisation in it opened; else, as nothing tells it, before all others.
create or replace view stg_reference_date as
with opened as (
    select extract, max(opened) as newest from provider group by extract
)
select e.extract, coalesce(e.as_at, o.newest, date '0001-01-01') as spoken_on
from extract as e
left join opened as o using (extract)
where e.status = 'loaded';

-- one row per organisation: as the newest list has it, whichever was loaded first. Of two of one date,
-- the one that tells when it opened, then the first by what they say.
create or replace view stg_provider as
select p.code, p.name, p.grain, p.status, p.opened, p.closed, p.postcode, p.extract
from provider as p
join stg_reference_date as d using (extract)
qualify row_number() over (
    partition by p.code
    order by d.spoken_on desc, p.opened is null, p.name, p.grain, p.status desc, p.opened, p.closed,
        p.postcode, p.cell
) = 1;

-- one row per time somebody said to whom an organisation belongs, and on which date: a list of
-- organisations, or the row of a publication (a trust's integrated care board, a site's trust)
create or replace view stg_stated as
select p.code, p.parent_grain, p.parent, true as listed, d.spoken_on
from parent as p
join stg_reference_date as d using (extract)
where p.parent <> '' and p.code <> p.parent
union all
select provider, 'icb', icb, false, period_end
from fft_fact
where live and icb <> '' and provider not in ('', icb) and grain in ('trust', 'site', 'practice')
union all
select provider, case grain when 'site' then 'trust' else 'site' end, parent, false, period_end
from fft_fact
where live and parent <> '' and provider not in ('', parent) and grain in ('site', 'ward')
union all
select provider, 'icb', parent, false, period_end
from survey_fact
where live and parent <> '' and provider not in ('', parent) and grain = 'practice';

-- one row per old code, new code and date, self-loops left out
create or replace view stg_succession as
select distinct s.old_code, s.new_code, s.succeeded_on
from succession as s
join extract as e using (extract)
where e.status = 'loaded' and s.old_code <> s.new_code;
