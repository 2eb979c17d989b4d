-- answers of two sources held one response a row, counted in cells: an organisation of the level compared,
-- a time and an answer. One row per sign looked at (time, late, day), lag, organisation and pair of counts:
-- how many cells hold so many answers of the left and so many of the right source.
-- Times are set side by side at the lag at which most five minutes hold the same answer in both (a whole
-- number of half hours up to a day and two hours: a time zone), and once a quarter of an hour late, which
-- tells how often two samples meet by accident; days as they are, and a day off.
with spoken as (
    select
        r.source = $left_source as is_left,
        case $grain
            when p.grain then r.unit
            when 'site' then p.site
            when 'trust' then p.trust
            when 'pcn' then p.pcn
            when 'sub_icb' then p.sub_icb
            when 'icb' then p.icb
            when 'region' then p.region
            else r.unit
        end as unit,
        r.answered_on as day,
        coalesce(
            try_cast(r.date_raw as timestamp),
            r.answered_on + try_cast(regexp_extract(r.date_raw, '[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?') as time)
        ) as moment,
        regexp_matches(r.date_raw, '[0-9]:[0-9]{2}')
            and not regexp_matches(r.date_raw, ' 00:00(:00)?(\.0+)?$')  -- how a date alone is often written
            as timed,
        lower(trim(a.answer)) as answer,
        a.positive
    from stg_response as r
    join answer as a using (extract, response)
    left join mart_provider as p on p.code = r.unit
    where r.live and r.code <> ''
        and ((r.source = $left_source and a.measure = $left_measure)
            or (r.source = $right_source and a.measure = $right_measure))
), words as (
    -- the answers in the words of the file where one source's words are all words of the other's too
    select count(*) filter (where in_left and in_right) = least(
        count(*) filter (where in_left), count(*) filter (where in_right)
    ) as shared
    from (select bool_or(is_left) as in_left, bool_or(not is_left) as in_right from spoken group by answer)
), told as (
    select
        is_left, unit, day, moment, timed,
        case when (select shared from words) then answer else coalesce(positive::varchar, '') end as answer
    from spoken
    where unit <> ''
), timed as (
    select is_left, unit, answer, epoch(moment)::bigint // 300 as place, count(*) as answers
    from told
    where timed and moment is not null
    group by all
), lags as (
    select other.place - one.place as lag, count(*) as met
    from timed as one
    join timed as other
        on other.unit = one.unit
        and other.answer = one.answer
        and other.place % 6 = one.place % 6
        and other.place - one.place between -312 and 312
        and not other.is_left
    where one.is_left
    group by other.place - one.place
), most_met as (
    select lag from lags order by met desc, abs(lag), lag limit 1
), placed as (
    select
        late.sign, m.lag, t.is_left, t.unit, t.answer,
        t.place - case when t.is_left then 0 else m.lag + late.bins end as place, t.answers
    from timed as t
    cross join most_met as m
    cross join (values ('time', 0), ('late', 3)) as late(sign, bins)
    union all
    select
        'day', d.lag, t.is_left, t.unit, t.answer,
        t.day - date '1970-01-01' - case when t.is_left then 0 else d.lag end, count(*)
    from told as t
    cross join (select unnest([-1, 0, 1]) as lag) as d
    where t.day is not null
    group by all
), spans as (
    -- the time both speak of: outside it there is nothing to compare
    select
        sign, lag, unit,
        greatest(
            min(place) filter (where is_left), min(place) filter (where not is_left)
        ) as first,
        least(max(place) filter (where is_left), max(place) filter (where not is_left)) as last
    from placed
    group by all
), cells as (
    select
        sign, lag, unit,
        sum(answers) filter (where is_left) as left_answers,
        sum(answers) filter (where not is_left) as right_answers
    from placed
    join spans using (sign, lag, unit)
    where place between first and last
    group by sign, lag, unit, answer, place
)
select
    sign, lag, unit,
    coalesce(left_answers, 0)::bigint as left_answers,
    coalesce(right_answers, 0)::bigint as right_answers,
    count(*) as cells
from cells
group by all
order by all;
