-- one row per kind of reference: how many organisations or links are known
select 'organisations' as kind, grain as detail, count(*) as rows from stg_provider group by grain
union all select 'successions', '', count(*) from stg_succession
union all select 'parents', parent_grain, count(*) from mart_parent
where until = date '9999-12-31' group by parent_grain
union all select 'list sizes', '', count(distinct code) from population
union all select 'names matched by a person', '', count(*) from alias
order by kind, detail;
