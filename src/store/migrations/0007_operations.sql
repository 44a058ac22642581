-- What was done to keep the installation running and safe.

-- Each backup that was written whole.
CREATE TABLE backup_run (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,                -- instant of the state that is in it
    file     TEXT NOT NULL,                   -- its name, without the folder
    size     INTEGER NOT NULL,                -- bytes of the file
    entry_id INTEGER NOT NULL                 -- the last entry of the audit chain that is in it; 0: none
) STRICT;
