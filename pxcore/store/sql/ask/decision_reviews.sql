-- one row per decision and review: its last word
select * from decision_review
qualify row_number() over (partition by decision, days order by number desc) = 1
order by decision, days
