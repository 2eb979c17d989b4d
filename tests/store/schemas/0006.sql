-- The tables. Facts are append-only but for `live`: one row may stand in several extracts, and
-- exactly one of them, the latest loaded, speaks. This is what a new database is made of; an older one is
-- brought to it by sql/migrations.

create sequence if not exists extract_number start 1;

create table if not exists setting (name varchar primary key, value varchar not null);

-- one row per file loaded
create table if not exists extract (
    extract integer primary key,
    layout varchar not null,
    file_name varchar not null,
    sha256 varchar not null,
    title varchar not null,
    publisher varchar not null,
    as_at date,
    loaded_at timestamp not null,  -- UTC
    status varchar not null check (status in ('loaded', 'removed')),
    rows_in integer not null,
    rows_kept integer not null,
    rows_withheld integer not null,
    rows_rejected integer not null,
    rejected varchar not null,  -- JSON: reason -> rows
    faults varchar not null,    -- JSON: list of warnings the person accepted
    notes varchar not null      -- JSON: list
);

-- one row per change of the store, never changed afterwards
create table if not exists history (
    revision integer not null,
    happened_at timestamp not null,  -- UTC
    event varchar not null,
    extract integer,
    detail varchar not null
);

-- one row per name a person has matched to a code
create table if not exists alias (
    name_key varchar not null,
    context_key varchar not null,
    name varchar not null,
    code varchar not null,
    confirmed_at timestamp not null,
    confirmed_by varchar not null,
    primary key (name_key, context_key)
);

-- one row per mapping profile a person has saved
create table if not exists profile (
    name varchar primary key,
    definition varchar not null,  -- JSON
    saved_at timestamp not null
);

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

-- one row per source, measure, organisation, month and group, per extract
create table if not exists fft_fact (
    extract integer not null,
    live boolean not null,
    source varchar not null,
    measure varchar not null,
    grain varchar not null,
    icb varchar not null,
    parent varchar not null,
    provider varchar not null,
    provider_name varchar not null,
    period_start date not null,
    period_end date not null,
    scale varchar not null,
    respondents double,
    eligible double,
    very_good double,
    good double,
    neither double,
    poor double,
    very_poor double,
    dont_know double,
    positive double,
    value double,
    mode_sms integer,
    mode_electronic_discharge integer,
    mode_electronic_home integer,
    mode_electronic_at_appointment integer,
    mode_electronic_after_appointment integer,
    mode_paper_discharge integer,
    mode_paper_home integer,
    mode_paper_at_appointment integer,
    mode_paper_after_appointment integer,
    mode_telephone integer,
    mode_online integer,
    mode_other integer,
    withheld varchar not null,
    cell varchar not null,
    confidential boolean default false,  -- counts of single responses that nobody publishes
    record_key usmallint,  -- of those: a key for the positive answers (modulo 256) and one for the others
    group_dimension varchar default '',  -- '' for everyone
    group_value varchar default ''
);

-- one row per source, measure, provider, period and group, per extract
create table if not exists survey_fact (
    extract integer not null,
    live boolean not null,
    source varchar not null,
    measure varchar not null,
    grain varchar not null,
    provider varchar not null,
    provider_name varchar not null,
    parent varchar not null,
    service varchar not null,
    period_start date not null,
    period_end date not null,
    period_approximate boolean not null,
    group_dimension varchar not null,
    group_value varchar not null,
    respondents double,
    positive double,
    value double,
    low double,
    high double,
    standard_error double,
    eligible double,
    band varchar not null,
    base_weighting varchar not null,
    withheld varchar not null,
    cell varchar not null,
    confidential boolean default false,  -- counts of single responses that nobody publishes
    record_key usmallint  -- of those: a key for the positive answers (modulo 256) and one for the others
);

-- one row per response, per extract
create table if not exists response (
    extract integer not null,
    live boolean not null,
    source varchar not null,
    response varchar not null,
    author varchar not null,
    provider varchar not null,
    provider_name varchar not null,
    provider_context varchar not null,
    service varchar not null,
    service_raw varchar not null,
    answered_on date,
    date_raw varchar not null,
    date_uncertain boolean not null,
    mode varchar not null,
    stars double,
    sentiment varchar not null,
    age varchar not null,
    sex varchar not null,
    ethnicity varchar not null,
    deprivation varchar not null,
    long_term_condition varchar not null,
    disability varchar not null,
    carer varchar not null,
    themes varchar[] not null,
    flags varchar[] not null,
    comment varchar not null,
    cell varchar not null,
    record_key utinyint  -- of the person: store/record_key.py
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

-- one row per response and question, per extract
create table if not exists answer (
    extract integer not null,
    source varchar not null,
    response varchar not null,
    measure varchar not null,
    answer varchar not null,
    positive double,
    score double,
    scale_low double,
    scale_high double
);

-- one row per published summary figure, per extract
create table if not exists summary (
    extract integer not null,
    live boolean not null,
    source varchar not null,
    measure varchar not null,
    grain varchar not null,
    provider varchar not null,
    provider_name varchar not null,
    provider_context varchar not null,
    service varchar not null,
    service_raw varchar not null,
    theme varchar not null,
    group_dimension varchar not null,
    group_value varchar not null,
    period_start date not null,
    period_end date not null,
    respondents double,
    positive double,
    neutral double,
    negative double,
    value double,
    scale_low double,
    scale_high double,
    withheld varchar not null,
    cell varchar not null
);

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

-- one row per organisation, per reference extract
create table if not exists provider (
    extract integer not null,
    code varchar not null,
    name varchar not null,
    grain varchar not null,
    status varchar not null,
    opened date,
    closed date,
    postcode varchar not null,
    cell varchar not null
);

-- one row per child and parent, per reference extract
create table if not exists parent (
    extract integer not null,
    code varchar not null,
    grain varchar not null,
    parent varchar not null,
    parent_grain varchar not null,
    cell varchar not null
);

-- one row per old code, new code and date, per reference extract
create table if not exists succession (
    extract integer not null,
    old_code varchar not null,
    new_code varchar not null,
    succeeded_on date,
    cell varchar not null
);

-- one row per practice, dimension and group, per reference extract
create table if not exists population (
    extract integer not null,
    code varchar not null,
    dimension varchar not null,
    group_value varchar not null,
    people double,
    cell varchar not null
);
