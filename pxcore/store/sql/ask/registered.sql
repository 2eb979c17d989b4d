-- one row per practice, dimension and group: registered patients, as the newest list has them
with ranked as (
    select
        p.code, p.dimension, p.group_value, p.people,
        rank() over (partition by p.code order by d.spoken_on desc, e.sha256) as place
    from population as p
    join stg_reference_date as d using (extract)
    join extract as e using (extract)
)
select code as unit, dimension, group_value, people
from ranked
where place = 1
order by code, dimension, group_value;
