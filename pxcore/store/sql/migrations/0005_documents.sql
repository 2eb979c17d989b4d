-- version 5: community evidence in documents, which fills a silence and is no figure.
-- one row per quotation or finding of a document of community evidence, per extract: read, never counted
create table if not exists document (
    extract integer not null,
    live boolean not null,
    source varchar not null,
    response varchar not null,
    provider varchar not null,
    provider_name varchar not null,
    provider_context varchar not null,
    period_start date not null,
    period_end date not null,
    people double,
    method varchar not null,
    written_by varchar not null,
    theme varchar not null,
    comment varchar not null,
    cell varchar not null
);
