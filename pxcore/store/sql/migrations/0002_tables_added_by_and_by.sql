-- version 2: all that was added to the tables while they were still called version 1. A database of any day
-- then has some of it, so that each is added where it is missing.

-- one row per time a scenario was saved or withdrawn under its name; the latest of a name speaks
create table if not exists scenario (
    name varchar not null,
    definition varchar not null,  -- JSON; '' where it is withdrawn
    saved_at timestamp not null,  -- UTC
    saved_by varchar not null
);

-- one row per decision that a source's series starts afresh at a month, and one per withdrawal of it;
-- never changed afterwards: of one series and month the latest row stands
create table if not exists rebase (
    revision integer not null,
    source varchar not null,
    unit varchar not null,  -- the organisation or area whose series it is; '' everywhere
    month date not null,
    reason varchar not null,
    decided_by varchar not null,
    decided_at timestamp not null,  -- UTC
    withdrawn boolean not null
);

-- one row per target set for a measure of a source, and one per withdrawal; never changed afterwards:
-- of one measure the latest row stands
create table if not exists target (
    revision integer not null,
    source varchar not null,
    measure varchar not null,
    value double not null,  -- in the unit of the measure: a proportion 0-1, or a score
    reason varchar not null,
    decided_by varchar not null,
    decided_at timestamp not null,  -- UTC
    withdrawn boolean not null
);

-- one row per comment, per extract: what may be read of it. No query asks for any other text.
create table if not exists redaction (
    extract integer not null,
    response varchar not null,
    comment varchar not null,
    folded varchar not null,
    masked varchar not null,  -- JSON: kind of detail -> how many were masked
    rules varchar not null
);

-- one row per change to the list of names to mask, never changed afterwards
create table if not exists masked_name (
    name varchar not null,
    listed boolean not null,  -- false: taken off the list again
    changed_by varchar not null,
    changed_at timestamp not null  -- UTC
);

-- one row per coding of a comment by a person in this app, never changed afterwards: of one coder and
-- comment the last counts. A comment is known by its source, its own id and its words, so that codes
-- outlive a file that is loaded again.
create sequence if not exists coding_number start 1;
create table if not exists coding (
    coding integer primary key,
    source varchar not null,
    response varchar not null,
    text_key varchar not null,
    coder varchar not null,
    outcome varchar not null check (outcome in ('coded', 'skipped', 'withdrawn')),
    themes varchar[] not null,
    sentiment varchar not null,
    coded_at timestamp not null  -- UTC
);

-- one row per change of the band a group counts in; the latest of a source and group speaks
create table if not exists group_band (
    dimension varchar not null,
    group_value varchar not null,
    band varchar not null,  -- '' takes the change back
    kept_at timestamp not null,  -- UTC
    kept_by varchar not null,
    reason varchar not null,
    source varchar default ''  -- as this source alone tells the group; '' as any tells it
);
-- made before a change could be for one source
alter table group_band add column if not exists source varchar default '';

-- views that nothing asks any more
drop view if exists stg_parent;
drop view if exists stg_current_provider;
