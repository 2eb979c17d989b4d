-- one row per quotation or finding of documents on one organisation: as it may be read, the latest collected first
select
    e.extract, e.period_start, e.period_end, e.people, e.method, e.written_by, e.theme,
    coalesce(d.comment, '') as quotation, e.cell
from document as e
left join mart_name as n using (provider_name, provider_context)
left join mart_provider as p on p.code = case when e.provider <> '' then e.provider else coalesce(n.code, '') end
left join redaction as d on d.extract = e.extract and d.response = e.response and d.rules = $masks
where e.live
    and (p.code = $unit or (p.succession = 'merged' and p.current_code = $unit))
order by e.period_end desc, e.written_by, e.extract, e.response;
