-- one row per thing the facilitator did in a workshop, in their order
select * from workshop_step where workshop = $workshop order by number
