-- Who belongs to the partnership, and the record of who did what with personal data.

-- What the installation as a whole is set to, one row a setting.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,                   -- 'lead-organisation'
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A member of the partnership, or one that shares data with it.
CREATE TABLE organisation (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    kind         TEXT NOT NULL,               -- 'police', 'council', 'treatment-provider', ...
    contact      TEXT NOT NULL DEFAULT '',    -- whom to ask about its data: a team and how to reach it
    started_on   INTEGER,                     -- day since 1970-01-01; null: always
    ended_on     INTEGER,                     -- the last day; null: goes on
    successor_id INTEGER REFERENCES organisation (id),
    created_at   INTEGER NOT NULL             -- instant
) STRICT;

-- The audit chain.  Numbers have no gaps; `hash` covers the hash of the entry before and every other
-- column (src/access/audit.c).
CREATE TABLE audit_entry (
    id              INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,         -- instant; never before that of the entry before
    account_id      INTEGER NOT NULL,         -- 0: none
    organisation_id INTEGER NOT NULL,         -- 0: none
    actor           TEXT NOT NULL,            -- its name then
    action          TEXT NOT NULL,
    category        TEXT NOT NULL,
    object_id       INTEGER NOT NULL,         -- 0: all of the category
    person_id       INTEGER NOT NULL,         -- 0: nobody in particular
    purpose         TEXT,
    agreement_id    INTEGER NOT NULL,         -- 0: none was needed
    recipients      TEXT,
    outcome         TEXT NOT NULL,            -- 'done', 'refused', 'emergency'
    detail          TEXT,
    hash            BLOB NOT NULL
) STRICT;
CREATE INDEX audit_entry_by_object ON audit_entry (category, object_id);
CREATE INDEX audit_entry_by_person ON audit_entry (person_id) WHERE person_id > 0;
CREATE INDEX audit_entry_by_emergency ON audit_entry (id) WHERE outcome = 'emergency';

-- Where the chain ends: one row, authenticated with the site's key.
CREATE TABLE audit_end (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    entry_id INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    mac      BLOB NOT NULL
) STRICT;

-- The last entry of each day that had one, signed.
CREATE TABLE audit_head (
    day        INTEGER PRIMARY KEY,           -- since 1970-01-01
    entry_id   INTEGER NOT NULL,
    hash       BLOB NOT NULL,
    public_key BLOB NOT NULL,
    signature  BLOB NOT NULL
) STRICT;

-- Counts the changes of what decisions are made from, so that a connection that has loaded it knows
-- when to load it anew.  Whatever changes organisations or agreements counts it up
-- (tf_policy_count_change): no trigger does, for a connection of ours runs none.
CREATE TABLE policy_version (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    version  INTEGER NOT NULL
) STRICT;
INSERT INTO policy_version VALUES (1, 1);
