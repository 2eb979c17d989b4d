-- one row per decision on where a series starts afresh, and per withdrawal, the latest first; `stands`
-- where it is in force
select
    *,
    not withdrawn and row_number() over (
        partition by source, unit, month order by revision desc
    ) = 1 as stands
from rebase
order by revision desc, source, unit, month;
