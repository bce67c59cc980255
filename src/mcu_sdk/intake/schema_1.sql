-- Every content a message came with is a version of its own; the highest one is current.
CREATE TABLE inbox (
    sequence INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    external_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    digest BLOB NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (channel, account, external_id, version)
) STRICT;

-- Where a source goes on; written together with the rows it covers.
CREATE TABLE cursor (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    cursor TEXT NOT NULL,
    PRIMARY KEY (channel, account)
) STRICT;

-- What could not be read, by its id or, without one, by the digest of what came.
CREATE TABLE quarantine (
    sequence INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    item TEXT NOT NULL,
    external_id TEXT,
    reason TEXT NOT NULL,
    received_at TEXT NOT NULL,
    raw TEXT NOT NULL,
    UNIQUE (channel, account, item)
) STRICT;
