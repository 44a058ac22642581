-- What was done to keep the installation running and safe.

-- Each backup that was written whole.
CREATE TABLE backup_run (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,                -- instant of the state that is in it
    file     TEXT NOT NULL,                   -- its name, without the folder
    size     INTEGER NOT NULL,                -- bytes of the file
    entry_id INTEGER NOT NULL                 -- the last entry of the audit chain that is in it; 0: none
) STRICT;

-- What a row says of who somebody is counts only with a proof that this program wrote it: a code under
-- the site's key over the columns that are trusted (src/access/proof_internal.h).
ALTER TABLE account ADD COLUMN proof BLOB;
ALTER TABLE account_link ADD COLUMN proof BLOB;
ALTER TABLE session ADD COLUMN proof BLOB;

-- Nothing is sealed to a pair of keys before somebody has confirmed that it belongs to whom it says.
ALTER TABLE account ADD COLUMN confirmed_generation INTEGER NOT NULL DEFAULT 0; -- the pair confirmed last
ALTER TABLE account ADD COLUMN confirmed_by INTEGER; -- account; the own one: the first; 0: at the machine
ALTER TABLE account ADD COLUMN confirmed_at INTEGER; -- instant; null: never
