-- one row per note of a workshop, in their order
select * from workshop_note where workshop = $workshop order by number
