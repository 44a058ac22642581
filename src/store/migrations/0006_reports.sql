-- What the public and partners send by forms, what becomes of it, and what is made of it for others.
-- Every text that somebody wrote is locked or sealed (src/intake/sealed.h): a copy of this database
-- reads nothing of it.

-- The key of a sealed object, sealed to each account that may open it.
CREATE TABLE sealed_key (
    kind           TEXT NOT NULL,             -- 'response', 'intelligence'
    object_id      INTEGER NOT NULL,
    account_id     INTEGER NOT NULL REFERENCES account (id),
    key_generation INTEGER NOT NULL,          -- of the account's pair that opens it
    sealed         BLOB NOT NULL,
    PRIMARY KEY (kind, object_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_key_by_account ON sealed_key (account_id);

-- A form that somebody sent.  When its content is erased the row stays, with what is in the clear.
CREATE TABLE response (
    id              INTEGER PRIMARY KEY,
    form            TEXT NOT NULL,
    version         INTEGER NOT NULL,         -- of the form
    category        TEXT NOT NULL,            -- of the data
    organisation_id INTEGER NOT NULL REFERENCES organisation (id), -- that it belongs to
    received_at     INTEGER NOT NULL,         -- instant
    urgency         INTEGER NOT NULL,         -- 1, the soonest, to 4
    urgency_title   TEXT NOT NULL,            -- 'A child at risk', of the form's rules
    due_at          INTEGER,                  -- instant by which somebody is to have looked
    retention_days  INTEGER NOT NULL,         -- after closing
    state           TEXT NOT NULL CHECK (state IN ('new', 'claimed', 'closed', 'erased')),
    claimed_by      INTEGER REFERENCES account (id),
    first_seen_at   INTEGER,                  -- instant at which somebody first opened it
    closed_at       INTEGER,
    outcome         TEXT,                     -- why it was closed, a name of the pack
    erased_at       INTEGER,
    receipt         BLOB UNIQUE,              -- what the receipt code is known by
    sender_key      BLOB,                     -- public; opens with the receipt code
    letters_key     BLOB,                     -- public; opens with the key of the response
    once            BLOB UNIQUE,              -- what the draft was known by
    content         BLOB                      -- the answers, locked
) STRICT;
CREATE INDEX response_by_state ON response (category, organisation_id, state, urgency, received_at);
CREATE INDEX response_by_month ON response (received_at);

-- Answers that a form keeps in the clear, for the queue and for counting.
CREATE TABLE response_counted (
    response_id INTEGER NOT NULL REFERENCES response (id),
    question    TEXT NOT NULL,
    value       TEXT NOT NULL,
    PRIMARY KEY (response_id, question, value)
) STRICT, WITHOUT ROWID;

-- Messages between the sender and the officers, and the officers' notes.
CREATE TABLE response_entry (
    id          INTEGER PRIMARY KEY,
    response_id INTEGER NOT NULL REFERENCES response (id),
    at          INTEGER NOT NULL,             -- instant
    kind        TEXT NOT NULL CHECK (kind IN ('from-sender', 'to-sender', 'note')),
    account_id  INTEGER REFERENCES account (id), -- who wrote it; null: the sender
    is_read     INTEGER NOT NULL DEFAULT 0,   -- by the other side
    for_readers BLOB NOT NULL,                -- sealed to letters_key
    for_sender  BLOB                          -- sealed to sender_key; null: a note
) STRICT;
CREATE INDEX response_entry_by_response ON response_entry (response_id, id);

-- How often something happened lately, by everybody together: against floods, without telling
-- anybody apart.
CREATE TABLE recent_count (
    name   TEXT PRIMARY KEY,                  -- 'form:report', 'wrong-receipt'
    period INTEGER NOT NULL,                  -- the hour or minute since 1970 that is counted
    count  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A sanitised intelligence report (3x5x2).  What was submitted is never changed; a later one corrects
-- it.
CREATE TABLE intelligence (
    id              INTEGER PRIMARY KEY,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    response_id     INTEGER REFERENCES response (id), -- what it was made of; null: nothing kept here
    corrects_id     INTEGER UNIQUE REFERENCES intelligence (id),
    version         INTEGER NOT NULL,         -- 1, and one more for each correction
    state           TEXT NOT NULL CHECK (state IN ('draft', 'submitted')),
    author_id       INTEGER NOT NULL REFERENCES account (id),
    created_at      INTEGER NOT NULL,         -- instant
    submitted_at    INTEGER,                  -- instant
    source          TEXT NOT NULL,            -- '1' to '3'
    information     TEXT NOT NULL,            -- 'A' to 'E'
    handling        TEXT NOT NULL,            -- 'P' or 'C'
    retention       TEXT,                     -- a group of the pack; null: a draft
    review_at       INTEGER,                  -- instant by which somebody reviews it; null: a draft
    disposed_at     INTEGER,                  -- instant at which a review ended its keeping
    erased_at       INTEGER,                  -- instant; what stands in the clear stays
    content         BLOB                      -- text, conditions and provenance, locked; null: erased
) STRICT;
CREATE INDEX intelligence_by_organisation ON intelligence (organisation_id, id);
CREATE INDEX intelligence_by_response ON intelligence (response_id);

-- To whom it was given.
CREATE TABLE intelligence_share (
    intelligence_id INTEGER NOT NULL REFERENCES intelligence (id),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    agreement_id    INTEGER NOT NULL,
    purpose         TEXT NOT NULL,
    at              INTEGER NOT NULL,         -- instant
    account_id      INTEGER NOT NULL REFERENCES account (id), -- who gave it
    PRIMARY KEY (intelligence_id, organisation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX intelligence_share_by_organisation ON intelligence_share (organisation_id);
