-- one row per theme ('' for everybody with a coded comment) and breakdown: how many people, by what
-- they felt. `cut` names the breakdown: 'all', 'service', 'month' or 'quarter'.
with coded as (
    select
        source, coded_by, service, person, sentiment, themes, month,
        date_trunc('quarter', month)::date as quarter
    from stg_coded(
        $area, $service, $start, $end, $own_words, $rules, $raw, $common, $rule_themes, $rule_patterns
    )
), mentions as (
    select source, coded_by, service, person, sentiment, month, quarter, unnest(themes) as theme from coded
    union all
    select source, coded_by, service, person, sentiment, month, quarter, '' from coded
), cuts as (
    select 'all' as cut, source, theme, '' as part, person, sentiment, coded_by from mentions
    union all
    select 'service', source, theme, service, person, sentiment, coded_by from mentions
    union all
    select 'month', source, theme, strftime(month, '%Y-%m-%d'), person, sentiment, coded_by
    from mentions where month is not null
    union all
    select 'quarter', source, theme, strftime(quarter, '%Y-%m-%d'), person, sentiment, coded_by
    from mentions where month is not null
), people as (
    -- one person is one, whatever they felt in several comments
    select
        cut, source, theme, part, person,
        case count(distinct nullif(sentiment, ''))
            when 0 then '' when 1 then max(sentiment) else 'mixed'
        end as feeling,
        count(*) as comments,
        bool_or(coded_by = 'supplier') as by_supplier,
        bool_or(coded_by = 'person') as by_person,
        bool_or(coded_by = 'rule') as by_rule
    from cuts
    group by all
)
select
    cut, source, theme, part,
    count(*)::double as people,
    sum(comments)::double as comments,
    (count(*) filter (where feeling = 'positive'))::double as positive,
    (count(*) filter (where feeling = 'neutral'))::double as neutral,
    (count(*) filter (where feeling = 'mixed'))::double as mixed,
    (count(*) filter (where feeling = 'negative'))::double as negative,
    (count(*) filter (where feeling = ''))::double as unsaid,
    (count(*) filter (where by_supplier))::double as by_supplier,
    (count(*) filter (where by_person))::double as by_person,
    (count(*) filter (where by_rule))::double as by_rule
from people
group by cut, source, theme, part
order by cut, source, theme, part;
