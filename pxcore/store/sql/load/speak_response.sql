-- of the responses of one source, provider and month, the latest loaded extract's speak: an extract
-- brings a provider's whole month, so a longer or corrected file replaces the months it repeats.
-- Responses without a date are never replaced; they take part in no period.
update response as f
set live = (f.extract = coalesce(n.newest, -1))
from (
    select
        k.source, k.provider, k.service_raw,
        case when k.provider = '' then name_key(k.provider_name) else '' end as name,
        coalesce(date_trunc('month', k.answered_on)::date, date '0001-01-01') as month,
        case when k.answered_on is null then k.extract else 0 end as own,
        max(k.extract) filter (where e.status = 'loaded') as newest
    from response as k
    join extract as e using (extract)
    where k.source in (select unnest($sources))
        and (k.answered_on is null or date_trunc('month', k.answered_on) between $first and $last)
    group by all
) as n
where f.source = n.source and f.provider = n.provider and f.service_raw = n.service_raw
    and case when f.provider = '' then name_key(f.provider_name) else '' end = n.name
    and coalesce(date_trunc('month', f.answered_on)::date, date '0001-01-01') = n.month
    and case when f.answered_on is null then f.extract else 0 end = n.own;
