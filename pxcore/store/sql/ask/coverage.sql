-- one row per source, measure, grain and period: how much was loaded, and how much is withheld
select * from mart_coverage order by source, measure, grain, period_start;
