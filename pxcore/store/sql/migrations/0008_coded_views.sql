-- version 8: codes by which a view can be called back. Append-only.
-- one row per view that was shown or left with a code, as it was then; never altered
create table if not exists coded_view (
    number bigint not null,
    code varchar primary key,        -- with its check character
    view_key varchar not null unique,  -- hash of the question, the data and the program
    view varchar not null,           -- JSON: the page and all its settings
    revision integer not null,       -- of the store that answered
    data_key varchar not null,       -- hash of the files that spoke then
    extracts integer[] not null,     -- those it rests on, by their numbers in that store
    program varchar not null,        -- version that answered
    made_at timestamp not null,      -- UTC
    answer varchar not null,         -- the sentence of its page
    figures varchar not null         -- JSON: name and value of each headline figure, as released
);
