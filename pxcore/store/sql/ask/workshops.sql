-- one row per workshop, the latest first
select * from workshop order by made_at desc, number desc
