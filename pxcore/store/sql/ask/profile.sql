-- one row per organisation and source: of the people who gave an age, how many are 65 or older
with told as (
    select
        r.source,
        case when p.succession = 'merged' then p.current_code else r.code end as unit,
        try_cast(regexp_extract(r.age, '[0-9]+') as integer) as youngest
    from (
        select
            response.*,
            case when response.provider <> '' then response.provider else coalesce(n.code, '') end as code
        from response
        left join mart_name as n
            on response.provider = ''
            and n.provider_name = response.provider_name
            and n.provider_context = response.provider_context
        where response.live and response.source = $source
            and response.answered_on between $start and $end
    ) as r
    left join mart_provider as p on p.code = r.code
    where r.code <> ''
)
select unit, count(youngest) as aged, count(*) filter (where youngest >= 65) as older
from told
group by unit
order by unit;
