-- What somebody has answered so far to a form that is not sent yet.  The row is known by a token in
-- the browser's cookie and locked with a key that only that token gives (src/intake/draft.c), so
-- that nobody else reads it, here or in a copy.
CREATE TABLE form_draft (
    id         BLOB PRIMARY KEY,              -- hash of the token and the form's name
    started_at INTEGER NOT NULL,              -- instant
    touched_at INTEGER NOT NULL,              -- instant of the last answer
    content    BLOB NOT NULL                  -- locked
) STRICT, WITHOUT ROWID;
CREATE INDEX form_draft_by_touch ON form_draft (touched_at);
