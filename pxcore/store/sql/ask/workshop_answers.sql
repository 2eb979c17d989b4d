-- one row per answer sent in a workshop (by a participant where one is named), in the order in which they came
select * from workshop_answer
where workshop = $workshop and ($participant = '' or participant = $participant)
order by number
