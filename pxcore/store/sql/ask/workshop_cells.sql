-- one row per question of a workshop's agenda, in its order
select * from workshop_cell where workshop = $workshop order by cell
