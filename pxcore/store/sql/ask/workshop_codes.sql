-- one row per code or link of a workshop, or (workshop '') with these letters: its last word
select * from workshop_code
where (workshop = $workshop or ($workshop = '' and code = $code))
qualify row_number() over (partition by workshop, code order by number desc) = 1
order by number desc
