-- one row per theme ('' for everybody with a coded comment) and breakdown: how many people, by what
-- they felt, and the cell key of each count. `cut` names the breakdown: 'all', 'service' or 'quarter'.
with mentions as (
    select source, person, record_key, sentiment, coded_by, service, month,
        unnest(list_prepend('', themes)) as theme
    from stg_coded(
        $area, $service, $start, $end, $own_words, $rules, $raw, $common, $rule_themes, $rule_patterns
    )
), cuts as (
    select source, person, record_key, sentiment, coded_by, theme,
        unnest([
            {'cut': 'all', 'part': ''},
            {'cut': 'service', 'part': service},
            {'cut': 'quarter', 'part': strftime(date_trunc('quarter', month), '%Y-%m-%d')}
        ], recursive := true)
    from mentions
), people as (
    -- one person is one, whatever they felt in several comments; mixed feelings are neither way
    select
        cut, source, theme, part, person, max(record_key) as record_key,
        case count(distinct nullif(sentiment, ''))
            when 0 then 'unsaid'
            when 1 then replace(max(sentiment), 'mixed', 'neutral')
            else 'neutral'
        end as feeling,
        bool_or(coded_by = 'supplier') as by_supplier,
        bool_or(coded_by = 'person') as by_person,
        bool_or(coded_by = 'rule') as by_rule
    from cuts
    where part is not null
    group by cut, source, theme, part, person
)
select
    cut, source, theme, part,
    count(*)::double as people,
    (count(*) filter (where feeling = 'positive'))::double as positive,
    (count(*) filter (where feeling = 'neutral'))::double as neutral,
    (count(*) filter (where feeling = 'negative'))::double as negative,
    (count(*) filter (where feeling = 'unsaid'))::double as unsaid,
    (count(*) filter (where by_rule))::double as by_rule,
    cell_key(sum(record_key)) as people_key,
    cell_key(coalesce(sum(record_key) filter (where feeling = 'positive'), 0)) as positive_key,
    cell_key(coalesce(sum(record_key) filter (where feeling = 'neutral'), 0)) as neutral_key,
    cell_key(coalesce(sum(record_key) filter (where feeling = 'negative'), 0)) as negative_key,
    cell_key(coalesce(sum(record_key) filter (where feeling = 'unsaid'), 0)) as unsaid_key,
    cell_key(coalesce(sum(record_key) filter (where by_rule), 0)) as by_rule_key,
    bool_or(by_supplier) as by_supplier,
    bool_or(by_person) as by_person
from people
group by cut, source, theme, part
order by cut, source, theme, part;
