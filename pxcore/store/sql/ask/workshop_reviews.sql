-- one row per text of a workshop that somebody looked at before it leaves: the last outcome
select r.*
from workshop_review as r
where r.reviewed in (
    select number from workshop_note where workshop = $workshop
    union all
    select number from workshop_answer where workshop = $workshop
)
qualify row_number() over (partition by r.reviewed order by r.number desc) = 1
order by r.number
