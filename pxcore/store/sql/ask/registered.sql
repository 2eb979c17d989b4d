-- one row per practice, dimension and group: registered patients, as the latest list loaded has them
with ranked as (
    select
        p.code, p.dimension, p.group_value, p.people,
        rank() over (partition by p.code order by p.extract desc) as place
    from population as p
    join extract as e using (extract)
    where e.status = 'loaded'
)
select code as unit, dimension, group_value, people
from ranked
where place = 1
order by code, dimension, group_value;
