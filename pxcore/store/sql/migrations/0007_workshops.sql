-- version 7: workshops and what they decide. Append-only: what changes is a row added, never a row altered.
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
