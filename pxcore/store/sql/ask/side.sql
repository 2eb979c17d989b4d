-- one row per organisation and outcome: every row of one source, and what became of it when a
-- measure, a grain, an area and a period were asked for. The rows add up to all that is loaded.
with pooled as (
    -- a name may be left out of a figure's grouping only where its code is known
    select
        outcome,
        case
            when outcome = 'in_window' or (unit <> '' and provider <> '') then unit
            when provider <> '' then code
            else ''
        end as unit,
        case when provider = '' then provider_name else '' end as unmatched_name,
        max(coalesce(nullif(current_name, ''), known_name, provider_name))
            filter (where row_grain = $grain) as own_name,
        bool_or(in_reference) as in_reference,
        -- as reported, that of the last period
        coalesce(arg_max(icb, (period_end, code)), max(icb)) as icb,
        coalesce(arg_max(region, (period_end, code)), max(region)) as region,
        coalesce(arg_max(sub_icb, (period_end, code)), max(sub_icb)) as sub_icb,
        coalesce(arg_max(pcn, (period_end, code)), max(pcn)) as pcn,
        sum(rows)::bigint as rows,
        -- counts for that organisation of the level compared, if only at another time or on another service
        bool_and(unit <> '' and outcome not in ('other_grain', 'area_only', 'superseded')) as placed,
        sum(respondents) as respondents,
        sum(positive) as positive,
        case
            when count(value) = 1 then max(value)
            when count(positive) = count(value) and sum(respondents) > 0
                then sum(positive) / sum(respondents)
            when count(respondents) = count(value) and sum(respondents) > 0
                then sum(value * respondents) / sum(respondents)
        end as value,
        case when count(value) = 1 then max(low) end as low,
        case when count(value) = 1 then max(high) end as high,
        case
            when count(value) = 1 and max(standard_error) is not null then max(standard_error)
            -- scores held one response a row: the spread of the scores themselves
            when count(squares) = count(value) and sum(respondents) > 1
                then sqrt(greatest(0,
                    (sum(squares) - sum(value * respondents) ** 2 / sum(respondents))
                    / (sum(respondents) - 1) / sum(respondents)
                ))
        end as standard_error,
        case when count(anonymous) = count(value) and count(value) > 0
            then people_of(anonymous, authors)
            else sum(respondents)
        end as people,
        answers_added(answered, authors) as answered,
        -- how far scores of one organisation lie apart, by organisation
        case when count(squares) = count(value)
            then sum(squares) - sum(value * respondents) ** 2 / nullif(sum(respondents), 0)
        end as squares_apart,
        sum(eligible) as eligible,
        sum(by_text) as by_text,
        sum(by_any_mode) as by_any_mode,
        count(distinct period_start) as periods,
        list_sort(list(distinct provider) filter (where provider <> code)) as merged_from,
        list_sort(list(distinct extract)) as extracts
    from stg_placed(
        $source, $measure, $reported_grain, $grain, $usual_grain, $area, $service, $start, $end,
        $organisation, $without_modes::varchar[], $dimension, $groups::varchar[], $sentiment
    )
    group by all
)
select
    p.* exclude (answered, squares_apart),
    unnest(answered_of(p.answered)),
    -- over all organisations together
    sum(squares_apart) filter (where outcome = 'in_window') over ()
        / nullif(sum(respondents - 1) filter (where outcome = 'in_window' and squares_apart is not null) over (), 0)
        as within_variance,
    coalesce(
        nullif(m.name, ''), nullif(p.own_name, ''), nullif(p.unmatched_name, ''), p.unit
    ) as name
from pooled as p
left join mart_provider as m on m.code = p.unit
order by outcome, unit, unmatched_name;
