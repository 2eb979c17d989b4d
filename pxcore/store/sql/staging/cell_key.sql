-- Enough people wrote of an organisation for their comments to be read: the lowest floor (DISCLOSURE_FLOORS).
create or replace macro enough_to_read(people) as people >= 5;

-- What a row adds to a cell key. Who may be read is known to a reader, so that those who may not are moved by
-- themselves: sums of three numbers, the record keys of those who may not be read, the record keys of those who
-- may, and how many these are, with 40 bits for each.
create or replace macro key_of(record_key, readable) as
    case
        when readable then (record_key::hugeint + 1099511627776::hugeint) * 1099511627776::hugeint
        else record_key::hugeint
    end;

-- The three numbers of such a sum as disclosure takes them: keys modulo 256, with 16 bits for each of the two.
create or replace macro cell_key(total) as (
    total % 256
    + 65536 * ((total // 1099511627776::hugeint) % 256)
    + 4294967296 * (total // (1099511627776::hugeint * 1099511627776::hugeint))
)::double;

-- what named people add to a cell key, in however many rows: each once, and as somebody who may be read where a row
-- of theirs may. The lists hold an entry an answer; sorted, the last of each author is the greatest key.
create or replace macro key_of_authors(authors) as coalesce(list_sum(list_transform(
    list_zip(list_sort(list_distinct(authors)), list_sort(list_distinct(authors))[2:]),
    lambda two: case
        when two[2] is null or two[2].author <> two[1].author then two[1].key
        else 0::hugeint
    end
)), 0);

create or replace macro names_of(authors) as list_transform(authors, lambda who: who.author);

-- what is added up of confidential answers wherever they are counted (staging/stg_counted.sql): disjoint answers,
-- the keys of those who gave them, and the most answers of one person; null of published figures. People are
-- counted once, in however many rows.
create or replace macro answers_added(answered, authors) as {
    'positive_answers': sum(answered.positive_answers),
    'half_answers': sum(answered.half_answers),
    'rest_answers': sum(answered.rest_answers),
    'positive_key': sum(answered.positive_key),
    'half_key': sum(answered.half_key),
    'rest_key': sum(answered.rest_key),
    'score_key': sum(answered.score_key),
    'people_key': sum(answered.anonymous_key) + key_of_authors(flatten(list(authors))),
    'anonymous_key': sum(answered.anonymous_key),
    'rows_key': sum(answered.rows_key),
    'scale_low': min(answered.scale_low),
    'scale_high': max(answered.scale_high),
    'heaviest': coalesce(list_max(map_values(list_histogram(names_of(flatten(list(authors)))))), 1)::double
};

-- The same as it leaves SQL, of a column that holds it. (Both in a single expression would be worked out by the
-- planner five times a key.)
create or replace macro answered_of(added) as {
    'positive_answers': added.positive_answers,
    'half_answers': added.half_answers,
    'rest_answers': added.rest_answers,
    'positive_key': cell_key(added.positive_key),
    'half_key': cell_key(added.half_key),
    'rest_key': cell_key(added.rest_key),
    'score_key': cell_key(added.score_key),
    'people_key': cell_key(added.people_key),
    'anonymous_key': cell_key(added.anonymous_key),
    'rows_key': cell_key(added.rows_key),
    'scale_low': added.scale_low,
    'scale_high': added.scale_high,
    'heaviest': added.heaviest
};

-- how many people gave answers: who gives a name once, in however many rows
create or replace macro people_of(anonymous, authors) as
    (coalesce(sum(anonymous), 0) + coalesce(len(list_distinct(names_of(flatten(list(authors))))), 0))::double;

-- the same of a confidential count that comes added up: its positive answers and the others, with a key each
create or replace macro counted_confidentially(respondents, positive, record_key) as {
    'positive_answers': positive::double,
    'half_answers': 0::double,
    'rest_answers': (respondents - positive)::double,
    'positive_key': (record_key % 256)::hugeint,
    'half_key': 0::hugeint,
    'rest_key': (record_key // 256)::hugeint,
    'score_key': null::hugeint,
    'people_key': (record_key % 256 + record_key // 256)::hugeint,
    'anonymous_key': (record_key % 256 + record_key // 256)::hugeint,
    'rows_key': null::hugeint,
    'scale_low': null::double,
    'scale_high': null::double
};
