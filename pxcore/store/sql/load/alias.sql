-- one row per name and context: the code a person confirmed; of one name said twice the last stands
insert or replace into alias
with said as (
    select
        unnest($names::varchar[]) as name,
        unnest($contexts::varchar[]) as context,
        unnest($codes::varchar[]) as code,
        unnest(range(len($names))) as place
)

select
    name_key(name),
    name_key(context),
    name,
    code,
    $confirmed_at,
    $confirmed_by
from said
qualify
    row_number() over (partition by name_key(name), name_key(context) order by place desc) = 1
order by place;
