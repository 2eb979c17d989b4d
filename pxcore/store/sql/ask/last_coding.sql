-- the comment a coder dealt with last and has not taken back
select c.extract, c.response, o.outcome, o.themes
from coding as o
join stg_comment as c on c.source = o.source and c.response = o.response and c.text_key = o.text_key
join stg_coding as n
    on n.source = o.source and n.response = o.response and n.text_key = o.text_key and n.coder = o.coder
where o.coder = $coder and n.outcome <> 'withdrawn'
order by o.coding desc
limit 1;
