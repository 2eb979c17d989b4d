-- version 6: the oversight framework's league tables, to show what a rank hides.
-- one row per trust and quarter of the oversight framework's league tables, per extract
create table if not exists league (
    extract integer not null,
    live boolean not null,
    source varchar not null,
    kind varchar not null,
    provider varchar not null,
    provider_name varchar not null,
    period_start date not null,
    period_end date not null,
    score double,
    segment double,
    rank double not null,
    rank_low double,
    rank_high double,
    cell varchar not null
);
