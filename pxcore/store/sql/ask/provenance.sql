-- one row per extract asked for
select extract, title, file_name, publisher, loaded_at, sha256
from extract where extract in (select unnest($extracts)) order by extract;
