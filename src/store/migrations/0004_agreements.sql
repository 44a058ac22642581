-- What organisations agree to share, and what was done without an agreement.

CREATE TABLE agreement (
    id             INTEGER PRIMARY KEY,
    title          TEXT NOT NULL,
    drafted_by     INTEGER NOT NULL REFERENCES organisation (id),
    lawful_basis   TEXT NOT NULL,             -- by its name in the pack
    condition      TEXT NOT NULL,             -- of UK GDPR Article 9 or 10; '': none is needed
    assessment     TEXT NOT NULL,             -- reference of the data protection impact assessment
    retention_days INTEGER NOT NULL,          -- for which a receiver may keep what it was given
    starts_on      INTEGER NOT NULL,          -- day since 1970-01-01
    review_on      INTEGER NOT NULL,
    ends_on        INTEGER,                   -- the last day; null: until somebody ends it
    created_at     INTEGER NOT NULL,          -- instant
    ended_at       INTEGER,                   -- instant; null: nobody ended it
    ended_by       TEXT,
    end_reason     TEXT,
    revision       INTEGER NOT NULL DEFAULT 1 -- of the terms; each change of the draft counts it up
) STRICT;

-- An agreement is in force when every party has signed.
CREATE TABLE agreement_party (
    agreement_id    INTEGER NOT NULL REFERENCES agreement (id),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    gives           INTEGER NOT NULL,
    receives        INTEGER NOT NULL,
    signed_at       INTEGER,                  -- instant; null: not yet
    signed_by       TEXT,                     -- who signed for the organisation
    entered_by      TEXT,                     -- who entered it, by account or at the machine
    PRIMARY KEY (agreement_id, organisation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_purpose (
    agreement_id INTEGER NOT NULL REFERENCES agreement (id),
    purpose      TEXT NOT NULL,
    PRIMARY KEY (agreement_id, purpose)
) STRICT, WITHOUT ROWID;

-- Each field by its name, so that a field that the pack gets later is not shared by what was signed
-- before; '' where the category has no fields.
CREATE TABLE agreement_field (
    agreement_id INTEGER NOT NULL REFERENCES agreement (id),
    category     TEXT NOT NULL,
    field        TEXT NOT NULL,
    PRIMARY KEY (agreement_id, category, field)
) STRICT, WITHOUT ROWID;

-- What was found of an access in an emergency.
CREATE TABLE emergency_review (
    entry_id    INTEGER PRIMARY KEY REFERENCES audit_entry (id),
    reviewed_at INTEGER NOT NULL,             -- instant
    account_id  INTEGER NOT NULL,             -- of the reviewer; 0: at the machine
    reviewer    TEXT NOT NULL,                -- its name then
    was_right   INTEGER NOT NULL,
    finding     TEXT NOT NULL
) STRICT;
