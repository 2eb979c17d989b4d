-- one row per person who joined a workshop, as they joined last
select * from workshop_participant
where workshop = $workshop
qualify row_number() over (partition by participant order by number desc) = 1
order by number
