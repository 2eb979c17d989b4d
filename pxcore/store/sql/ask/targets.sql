-- one row per target set, and per withdrawal, the latest first; `stands` where it is in force
select
    *,
    not withdrawn and row_number() over (
        partition by source, measure order by revision desc
    ) = 1 as stands
from target
order by revision desc, source, measure;
