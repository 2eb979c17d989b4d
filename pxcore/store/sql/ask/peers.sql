-- one row per organisation known: the region and integrated care board it belongs to
select code as unit, region, icb
from mart_provider
order by code;
