-- one row per version of a decision (of a workshop where one is named), the oldest first
select * from decision
where $workshop = '' or workshop = $workshop
order by number
