-- version 3: the record key of each response, and of each confidential count, filled in as the database is
-- opened (store/database.py). Figures of local sources that were loaded before are taken for confidential.
alter table response add column if not exists record_key utinyint;
alter table fft_fact add column if not exists confidential boolean default false;
alter table fft_fact add column if not exists record_key usmallint;
alter table survey_fact add column if not exists confidential boolean default false;
alter table survey_fact add column if not exists record_key usmallint;
update fft_fact set confidential = true
where source in ('fft_local', 'local_survey', 'healthwatch', 'care_opinion', 'nhs_reviews', 'coded_comments')
    and positive is not null and respondents is not null;
update survey_fact set confidential = true
where source in ('fft_local', 'local_survey', 'healthwatch', 'care_opinion', 'nhs_reviews', 'coded_comments')
    and positive is not null and respondents is not null;
