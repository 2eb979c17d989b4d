-- one row per workshop, the latest first
select * from workshop order by number desc
