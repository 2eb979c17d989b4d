-- one row per count of a show of hands in a workshop, in the order in which they came
select * from workshop_hands where workshop = $workshop order by number
