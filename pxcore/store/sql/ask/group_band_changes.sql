-- every change of the band a group of a dimension counts in, for any source or for one, the earliest first
select source, group_value, band, kept_at
from group_band
where dimension = $dimension and source in ('', $source)
order by rowid;
