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

-- Workshops and what they decide: append-only, what changes is a row added, never a row altered.
-- `number` orders all that happens in workshops, whatever the table it stands in.
create sequence if not exists workshop_number start 1;

-- one row per workshop, on data as they stood when it was made
create table if not exists workshop (
    workshop varchar primary key,
    number bigint not null,
    title varchar not null,
    made_at timestamp not null,  -- UTC
    made_by varchar not null,
    revision integer not null,   -- of the store when it was made
    data_key varchar not null,   -- hash of the files that spoke then
    frozen_view varchar not null,       -- JSON: the filters and settings in force
    frozen_key varchar not null, -- hash of all that was frozen: data, view and every cell
    floor integer not null       -- fewest people of a role for it to be shown by itself
);

-- one row per question of a workshop's agenda, in its order; 0 is the practice question
create table if not exists workshop_cell (
    workshop varchar not null,
    cell integer not null,
    purpose varchar not null,       -- practice, difference, agreement, silence, settle or picked
    unit varchar not null,          -- the organisation; '' of the practice question
    name varchar not null,
    grain varchar not null,
    left_source varchar not null,
    left_measure varchar not null,
    right_source varchar not null,
    right_measure varchar not null,
    domain varchar not null,
    facts varchar not null,         -- JSON: figures, probability and comments as they were released then
    facts_key varchar not null,     -- hash of the facts
    primary key (workshop, cell)
);

-- one row per code or link by which people join, and one per withdrawal of it
create table if not exists workshop_code (
    number bigint not null,
    workshop varchar not null,
    code varchar not null,
    remote boolean not null,        -- a long link for those who are not in the room
    made_at timestamp not null,     -- UTC
    expires_at timestamp not null,  -- UTC
    withdrawn boolean not null
);

-- one row per thing the facilitator did: what stands on the screen follows from them in their order
create table if not exists workshop_step (
    number bigint not null,
    workshop varchar not null,
    step varchar not null check (step in ('stage', 'reset', 'timer', 'remove', 'readmit', 'end', 'undo')),
    cell integer,
    stage varchar not null,         -- of 'stage': where the workshop stands from now on
    round integer,                  -- of 'reset'
    participant varchar not null,   -- of 'remove' and 'readmit'
    ends_at timestamp,              -- of 'timer', UTC; null stops it
    undoes bigint,                  -- of 'undo': the number of the step taken back
    done_at timestamp not null      -- UTC
);

-- one row per time a person joined a workshop; of one person the latest speaks
create table if not exists workshop_participant (
    number bigint not null,
    workshop varchar not null,
    participant varchar not null,   -- made from the secret in the phone's cookie; the secret is not kept
    role varchar not null,
    remote boolean not null,
    joined_at timestamp not null    -- UTC
);

-- one row per answer a phone sent; of one person, question and round the latest speaks
create table if not exists workshop_answer (
    number bigint not null,
    workshop varchar not null,
    cell integer not null,
    round integer not null,         -- 1, 2; 3 is the forecast
    participant varchar not null,
    request varchar not null,       -- of the form that was sent: sent again, it is the same answer
    answer varchar not null,        -- agree, partly, differ, silent or cannot_tell; '' of a forecast
    chance double,                  -- of a forecast: 0 to 1
    reason varchar not null,        -- own words, masked
    answered_at timestamp not null  -- UTC
);

-- one row per count of a show of hands; of one question, round, role and answer the latest speaks
create table if not exists workshop_hands (
    number bigint not null,
    workshop varchar not null,
    cell integer not null,
    round integer not null,
    role varchar not null,
    answer varchar not null,
    people integer not null check (people >= 0),
    entered_at timestamp not null   -- UTC
);

-- one row per note of the discussion, masked
create table if not exists workshop_note (
    number bigint not null,
    workshop varchar not null,
    cell integer not null,
    kind varchar not null check (kind in ('discussion', 'inference', 'common', 'overrule', 'minority')),
    answer varchar not null,        -- of 'overrule': the room's own answer
    words varchar not null,         -- own words, masked
    written_by varchar not null,
    written_at timestamp not null   -- UTC
);

-- one row per look at somebody's own words before they leave; of one text the latest speaks
create table if not exists workshop_review (
    number bigint not null,
    reviewed bigint not null,       -- the number of the note or answer
    outcome varchar not null check (outcome in ('leaves', 'stays')),
    reviewed_by varchar not null,
    reviewed_at timestamp not null  -- UTC
);

-- one row per version of a decision: a correction is a new version, and the latest speaks
create table if not exists decision (
    decision varchar not null,
    version integer not null,
    number bigint not null,
    workshop varchar not null,      -- '' where it was made outside a workshop
    cell integer,                   -- the question it answers
    unit varchar not null,          -- the organisation it is about
    name varchar not null,
    grain varchar not null,
    domain varchar not null,        -- what it is about: access, overall …
    kind varchar not null check (kind in ('decision', 'recommendation')),
    words varchar not null,         -- own words here and below, masked
    hypothesis varchar not null,
    alternatives varchar not null,  -- and why not
    action varchar not null,
    owner varchar not null,
    due date,
    within_gift varchar not null check (within_gift in ('yes', 'partly', 'no')),
    affected varchar not null,      -- who is, and who may be left out
    risks varchar not null,
    confidence varchar not null check (confidence in ('low', 'moderate', 'high')),
    dissent varchar not null,
    roles varchar[] not null,       -- who was present: roles, those of few people pooled
    people integer[] not null,      -- and how many of each
    evidence varchar[] not null,    -- codes of the evidence it rests on
    first_raised date,              -- when people first said so
    figure_source varchar not null, -- the figure expected to move; '' where none is
    figure_measure varchar not null,
    figure_unit varchar not null,   -- 'proportion' (0-1) or 'score'
    figure_value double,            -- as it stood, in that unit
    figure_low double,
    figure_high double,
    figure_respondents double,
    figure_start date,              -- the period it was of
    figure_end date,
    direction varchar not null check (direction in ('up', 'down', '')),
    amount double,                  -- at least so much, in the unit of the figure
    by_date date,                   -- in data up to this day
    chance double,                  -- 0-1, that it moves so: the middle of the room's answers
    chances integer,                -- how many gave theirs
    review_30 date,
    review_90 date,
    review_180 date,
    stands boolean not null,        -- false: withdrawn by this version
    why_changed varchar not null,   -- '' of the first version
    recorded_by varchar not null,
    recorded_at timestamp not null, -- UTC
    primary key (decision, version)
);

-- one row per review of a decision; of one decision and review the latest speaks
create table if not exists decision_review (
    number bigint not null,
    decision varchar not null,
    days integer not null check (days in (30, 90, 180)),
    outcome varchar not null check (outcome in ('done', 'under_way', 'not_started', 'stopped')),
    words varchar not null,         -- own words, masked
    reviewed_by varchar not null,
    reviewed_at timestamp not null  -- UTC
);

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
