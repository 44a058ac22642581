-- Who may sign in, and what is kept to know them again by.  Nothing here opens anything by itself: a
-- passphrase, a token and a recovery code are kept as hashes, a secret key and the seed of one-time
-- codes are locked.

CREATE TABLE account (
    id                  INTEGER PRIMARY KEY,
    organisation_id     INTEGER NOT NULL REFERENCES organisation (id),
    name                TEXT NOT NULL,
    email               TEXT NOT NULL COLLATE NOCASE,
    state               TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended', 'closed')),
    external_subject    TEXT,                 -- who it is to an outside sign-in; null: not used
    salt                BLOB,                 -- of the passphrase; null until there is one
    verifier            BLOB,
    passes              INTEGER,              -- the cost at which it was derived
    memory_bytes        INTEGER,
    public_key          BLOB,                 -- what is sealed to the account opens with its pair
    locked_secret_key   BLOB,                 -- locked with what only the passphrase gives
    key_generation      INTEGER NOT NULL DEFAULT 0, -- counts the pairs that the account has had
    code_seed           BLOB,                 -- of one-time codes, locked with the site's key
    pending_code_seed   BLOB,                 -- the same, until the first code has confirmed it
    last_code_step      INTEGER NOT NULL DEFAULT 0, -- the step of the code used last
    failed_count        INTEGER NOT NULL DEFAULT 0, -- from browsers that are not known
    failed_from         INTEGER NOT NULL DEFAULT 0, -- instant of the first of these
    unknown_refused_until INTEGER NOT NULL DEFAULT 0, -- instant
    created_at          INTEGER NOT NULL,     -- instant
    activated_at        INTEGER,              -- instant
    signed_in_at        INTEGER               -- instant; null: never
) STRICT;
CREATE UNIQUE INDEX account_by_email ON account (email) WHERE state <> 'closed';
CREATE UNIQUE INDEX account_by_external_subject ON account (external_subject)
    WHERE external_subject IS NOT NULL;
CREATE INDEX account_by_organisation ON account (organisation_id);

CREATE TABLE account_role (
    account_id INTEGER NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL,                 -- the name of a role of the pack
    PRIMARY KEY (account_id, role)
) STRICT, WITHOUT ROWID;

-- A link that was given to somebody and works once.
CREATE TABLE account_link (
    key        BLOB PRIMARY KEY,              -- derived from the token in the link
    account_id INTEGER NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL,                 -- 'invitation', 'reset', 'device'
    ends_at    INTEGER NOT NULL               -- instant
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_link_by_account ON account_link (account_id, kind);

CREATE TABLE recovery_code (
    account_id INTEGER NOT NULL REFERENCES account (id),
    hash       BLOB NOT NULL,                 -- keyed with the site's key
    PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

-- A browser that somebody has signed in with before.  It has its own count of failures, so that
-- what strangers try does not lock out the owner.
CREATE TABLE known_device (
    key           BLOB PRIMARY KEY,           -- derived from the token in the browser
    account_id    INTEGER NOT NULL REFERENCES account (id),
    created_at    INTEGER NOT NULL,           -- instant
    ends_at       INTEGER NOT NULL,           -- instant
    failed_count  INTEGER NOT NULL DEFAULT 0,
    failed_from   INTEGER NOT NULL DEFAULT 0, -- instant
    refused_until INTEGER NOT NULL DEFAULT 0  -- instant
) STRICT, WITHOUT ROWID;
CREATE INDEX known_device_by_account ON known_device (account_id);

CREATE TABLE session (
    key               BLOB PRIMARY KEY,       -- derived from the token in the browser
    account_id        INTEGER NOT NULL REFERENCES account (id),
    stage             TEXT NOT NULL CHECK (stage IN ('code', 'set-up', 'full')),
    device_key        BLOB,                   -- the known browser it began in; null: a new one
    started_at        INTEGER NOT NULL,       -- instant
    seen_at           INTEGER NOT NULL,       -- instant, to the minute
    idle_limit        INTEGER NOT NULL,       -- microseconds
    ends_at           INTEGER NOT NULL,       -- instant, however busy it is
    failed_codes      INTEGER NOT NULL DEFAULT 0,
    locked_secret_key BLOB NOT NULL           -- the account's, locked with what the token gives
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_end ON session (ends_at);
