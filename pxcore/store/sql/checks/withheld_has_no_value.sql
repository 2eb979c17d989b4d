-- a withheld value is not shown, so it must not be there
select source, measure, provider, period_start, value from fft_fact
where withheld <> 'none' and value is not null
union all
select source, measure, provider, period_start, value from survey_fact
where withheld <> 'none' and value is not null;
