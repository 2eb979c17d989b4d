-- what is added up of confidential answers wherever they are counted (staging/stg_counted.sql): disjoint answers,
-- the record keys of those who gave them, and the most answers of one person; null of published figures.
-- The sums modulo 256 are the cell keys. People are counted once, in however many rows.
create or replace macro answered_of(answered, authors) as {
    'positive_answers': sum(answered.positive_answers),
    'half_answers': sum(answered.half_answers),
    'rest_answers': sum(answered.rest_answers),
    'positive_key': sum(answered.positive_key) % 256,
    'half_key': sum(answered.half_key) % 256,
    'rest_key': sum(answered.rest_key) % 256,
    'score_key': sum(answered.score_key) % 256,
    'people_key': sum(answered.people_key) % 256,
    'rows_key': sum(answered.rows_key) % 256,
    'scale_low': min(answered.scale_low),
    'scale_high': max(answered.scale_high),
    'heaviest': coalesce(list_max(map_values(list_histogram(flatten(list(authors))))), 1)::double
};

-- how many people gave answers: who gives a name once, in however many rows
create or replace macro people_of(anonymous, authors) as
    (coalesce(sum(anonymous), 0) + coalesce(len(list_distinct(flatten(list(authors)))), 0))::double;

-- the same of a confidential count that comes added up: its positive answers and the others, with a key each
create or replace macro counted_confidentially(respondents, positive, record_key) as {
    'positive_answers': positive::double,
    'half_answers': 0::double,
    'rest_answers': (respondents - positive)::double,
    'positive_key': (record_key % 256)::double,
    'half_key': 0::double,
    'rest_key': (record_key // 256)::double,
    'score_key': null::double,
    'people_key': (record_key % 256 + record_key // 256)::double,
    'rows_key': null::double,
    'scale_low': null::double,
    'scale_high': null::double
};
