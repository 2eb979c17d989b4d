-- one row per organisation and period of one source: its whole history, added up over the codes that
-- became one, with the areas it belongs to and how many of its rows are withheld
with added as (
    select
        unit, period_start, period_end,
        max(pcn) as pcn, max(sub_icb) as sub_icb, max(icb) as icb, max(region) as region,
        count(*) filter (where outcome = 'in_window') as parts,
        coalesce(max(outcome) filter (where outcome <> 'in_window'), '') as silent,
        sum(respondents) filter (where outcome = 'in_window') as respondents,
        sum(positive) filter (where outcome = 'in_window') as positive,
        case
            when count(value) filter (where outcome = 'in_window') = 1
                then max(value) filter (where outcome = 'in_window')
            when count(positive) filter (where outcome = 'in_window')
                = count(*) filter (where outcome = 'in_window')
                then sum(positive) filter (where outcome = 'in_window')
                    / nullif(sum(respondents) filter (where outcome = 'in_window'), 0)
            when count(respondents) filter (where outcome = 'in_window')
                = count(*) filter (where outcome = 'in_window')
                then sum(value * respondents) filter (where outcome = 'in_window')
                    / nullif(sum(respondents) filter (where outcome = 'in_window'), 0)
        end as value,
        case when count(*) filter (where outcome = 'in_window') = 1
            then max(low) filter (where outcome = 'in_window') end as low,
        case when count(*) filter (where outcome = 'in_window') = 1
            then max(high) filter (where outcome = 'in_window') end as high,
        -- where each row is somebody's answer: how many gave no name, and who the others are, once an answer
        sum(anonymous) filter (where outcome = 'in_window') as anonymous,
        names_of(flatten(list(authors) filter (where outcome = 'in_window'))) as authors,
        list_transform(
            flatten(list(authors) filter (where outcome = 'in_window')), lambda who: cell_key(who.key)
        ) as author_keys,
        answers_added(
            case when outcome = 'in_window' then answered end,
            case when outcome = 'in_window' then authors end
        ) as answered
    from stg_placed(
            $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
            $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
        )
    where unit <> '' and (
        outcome in ('in_window', 'split', 'to_confirm', 'cycle') or outcome like 'withheld_%'
)
group by unit, period_start, period_end
)
select * exclude (answered), unnest(answered_of(answered))
from added
order by unit, period_start, period_end;
