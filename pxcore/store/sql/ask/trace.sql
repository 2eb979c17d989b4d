-- one row per row of a published file behind one organisation's figure: where in which file it stands
with behind as (
    select extract, source, measure, grain, provider, provider_name, provider_context, period_start, period_end,
        respondents, positive, value, withheld, cell, service, group_dimension
    from (
        select extract, live, source, measure, grain, provider, provider_name, '' as provider_context, period_start,
            period_end, respondents, positive, value, withheld, cell, '' as service,
            group_dimension
        from fft_fact
        where not confidential
        union all
        select extract, live, source, measure, grain, provider, provider_name, '', period_start,
            period_end, respondents, positive, value, withheld, cell, service, group_dimension
        from survey_fact
        where not confidential
        union all
        select extract, live, source, measure, grain, provider, provider_name, provider_context, period_start,
            period_end, respondents, positive, value, withheld, cell, service,
            group_dimension || theme
        from summary
    )
    where live and source = $source and measure = $measure
        and period_start >= $start and period_end <= $end and group_dimension = ''
        and ($service = '' or service in ('', $service))
), resolved as (
    select b.*, case when b.provider <> '' then b.provider else coalesce(n.code, '') end as code
    from behind as b
    left join mart_name as n
        on b.provider = '' and n.provider_name = b.provider_name
        and n.provider_context = b.provider_context
)
select
    e.file_name, r.cell, r.code as provider, r.period_start, r.period_end, r.respondents,
    r.positive, r.value, r.withheld, e.title
from resolved as r
join extract as e using (extract)
left join mart_provider as m on m.code = r.code
left join mart_provider as c
    on c.code = case when m.succession = 'merged' and $organisation = 'current' then m.current_code else m.code end
left join mart_belonging as b
    on $organisation = 'reported' and b.code = r.code
    and b.since <= r.period_end and r.period_end < b.until
where r.code = $unit
    or ($organisation = 'current' and m.succession = 'merged' and m.current_code = $unit)
    or ($grain <> $reported_grain and $unit in (
        coalesce(b.site, c.site), coalesce(b.trust, c.trust), coalesce(b.pcn, c.pcn),
        coalesce(b.sub_icb, c.sub_icb), coalesce(b.icb, c.icb), coalesce(b.region, c.region)
    ))
order by r.period_start, e.file_name, r.cell, r.code;
