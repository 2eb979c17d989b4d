-- one row per change of the store, newest first
select h.revision, h.happened_at, h.event, h.extract, e.file_name, h.detail
from history as h
left join extract as e using (extract)
order by h.revision desc, h.extract nulls first, h.happened_at desc;
