-- The open data: what was imported, the crimes as partitions, and the geography.
--
-- A month is an INTEGER, the months since January of year 0: year * 12 + month - 1.
-- An instant is an INTEGER, the microseconds since 1970-01-01 in UTC.

-- One file, or one member of a ZIP file, that was imported.  It is kept when a later batch has
-- replaced its rows, so that every figure ever published can be traced.
CREATE TABLE batch (
    id            INTEGER PRIMARY KEY,
    feed          TEXT NOT NULL,              -- 'street', 'outcomes', 'stop-and-search', 'areas', ...
    force         TEXT,                       -- the publisher's slug; null for a file of all forces
    month         INTEGER,                    -- null for a file that is not of one month
    file          TEXT NOT NULL,              -- its name; of a member, 'archive.zip/member.csv'
    sha256        TEXT NOT NULL,              -- of its bytes, 64 lower-case hexadecimal digits
    publisher     TEXT NOT NULL,
    started_at    INTEGER NOT NULL,           -- instant
    finished_at   INTEGER,                    -- instant; null until all its rows are in
    rows_read     INTEGER NOT NULL DEFAULT 0,
    rows_accepted INTEGER NOT NULL DEFAULT 0, -- with a warning or without
    rows_rejected INTEGER NOT NULL DEFAULT 0,
    first_month   INTEGER,                    -- of the accepted rows; null when they have none
    last_month    INTEGER
) STRICT;
CREATE INDEX batch_by_sha256 ON batch (sha256);

-- What was odd about accepted rows, counted.
CREATE TABLE batch_warning (
    batch_id     INTEGER NOT NULL REFERENCES batch (id),
    kind         TEXT NOT NULL,
    count        INTEGER NOT NULL,
    example_line INTEGER,                     -- one line of the file that shows it
    PRIMARY KEY (batch_id, kind)
) STRICT, WITHOUT ROWID;

-- Rows that could not be used, as they stood in the file.
CREATE TABLE batch_reject (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    line     INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    text     TEXT NOT NULL
) STRICT;
CREATE INDEX batch_reject_by_batch ON batch_reject (batch_id, line);

-- One month of one force and one feed, replaced whole.  The stream stands in a table of its own:
-- with it in the same row, listing 2,160 partitions took 3 to 5 ms instead of 0.8 ms, and writing
-- them half as long again (SQLite 3.40, streams of 20 to 250 KB).
CREATE TABLE partition (
    id        INTEGER PRIMARY KEY,
    feed      TEXT NOT NULL,
    force     TEXT NOT NULL,
    month     INTEGER NOT NULL,
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    row_count INTEGER NOT NULL,
    UNIQUE (feed, force, month)
) STRICT;

CREATE TABLE partition_stream (
    partition_id INTEGER PRIMARY KEY REFERENCES partition (id),
    stream       BLOB NOT NULL                -- Arrow IPC stream, bodies compressed with zstd
) STRICT;

-- How a police force is named: by the publisher's files, and by the rows in them.
CREATE TABLE force (
    slug        TEXT PRIMARY KEY,             -- 'bedfordshire'
    reported_as TEXT NOT NULL                 -- 'Bedfordshire Police'
) STRICT, WITHOUT ROWID;

-- A set of areas that cover the ground once, such as 'lsoa21'.
CREATE TABLE layer (
    name  TEXT PRIMARY KEY,
    title TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE area (
    id                 INTEGER PRIMARY KEY,
    layer              TEXT NOT NULL REFERENCES layer (name),
    code               TEXT NOT NULL,         -- 'E01015589'
    label              TEXT NOT NULL,         -- 'Bedford 001A'
    parent_code        TEXT,                  -- the code of the larger area it belongs to
    centroid_longitude REAL,                  -- WGS 84, degrees
    centroid_latitude  REAL,
    area_km2           REAL,
    batch_id           INTEGER NOT NULL REFERENCES batch (id),
    UNIQUE (layer, code)
) STRICT;

-- Apart from the areas, so that listing those does not walk through every outline.
CREATE TABLE area_boundary (
    area_id  INTEGER PRIMARY KEY REFERENCES area (id) ON DELETE CASCADE,
    boundary BLOB                             -- WKB polygon or multipolygon, WGS 84
) STRICT;

-- Areas of one layer that touch; each pair stands in both orders.
CREATE TABLE area_neighbour (
    area_id      INTEGER NOT NULL REFERENCES area (id) ON DELETE CASCADE,
    neighbour_id INTEGER NOT NULL REFERENCES area (id) ON DELETE CASCADE,
    PRIMARY KEY (area_id, neighbour_id)
) STRICT, WITHOUT ROWID;

-- People who live in an area; the code says which layer it belongs to.
CREATE TABLE population (
    code     TEXT NOT NULL,
    year     INTEGER NOT NULL,                -- of the estimate
    people   REAL NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    PRIMARY KEY (code, year)
) STRICT, WITHOUT ROWID;

-- Which community safety partnerships and police force a local authority belongs to.  Merged
-- authorities kept their partnerships, so that some have two to four of them.
CREATE TABLE area_lookup (
    authority_code   TEXT NOT NULL,           -- 'E06000055'
    authority_name   TEXT NOT NULL,
    partnership_code TEXT NOT NULL,
    partnership_name TEXT NOT NULL,
    force_code       TEXT NOT NULL,           -- of the police force area, 'E23000026'
    force_name       TEXT NOT NULL,
    batch_id         INTEGER NOT NULL REFERENCES batch (id),
    PRIMARY KEY (authority_code, partnership_code)
) STRICT, WITHOUT ROWID;
