-- a proportion lies between 0 and 1, and no more people are positive than answered
select source, measure, provider, period_start, value, positive, respondents
from fft_fact
where value not between 0 and 1 or positive > respondents + 0.5
union all
select source, measure, provider, period_start, value, positive, respondents
from survey_fact
where value < 0 or positive > respondents + 0.5;
