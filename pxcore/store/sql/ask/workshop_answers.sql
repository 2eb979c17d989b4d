-- one row per answer sent in a workshop, in the order in which they came
select * from workshop_answer where workshop = $workshop order by number
