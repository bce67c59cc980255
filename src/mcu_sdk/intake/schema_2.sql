-- Our tables may stand in the database of a host application: their names say whose they are.
ALTER TABLE inbox RENAME TO mcu_inbox;

ALTER TABLE cursor RENAME TO mcu_cursor;

ALTER TABLE quarantine RENAME TO mcu_quarantine;

-- Who wants every stored content handed over, from the first one on.
CREATE TABLE mcu_handler (
    handler TEXT PRIMARY KEY
) STRICT;

-- One row for each handler and each stored content: waiting, done or dead.
CREATE TABLE mcu_work (
    handler TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    leased_until TEXT,
    leased_by TEXT,
    reason TEXT,
    PRIMARY KEY (handler, sequence)
) STRICT;

CREATE INDEX mcu_work_open ON mcu_work (handler, sequence) WHERE state = 'waiting';

-- What we want to say; the key is stored before anything is sent.
CREATE TABLE mcu_outbox (
    sequence INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    external_id TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    put_at TEXT NOT NULL,
    put_by TEXT NOT NULL,
    approved_at TEXT,
    approved_by TEXT,
    leased_until TEXT,
    leased_by TEXT,
    settled_at TEXT,
    settled_by TEXT,
    reason TEXT,
    request_id TEXT,
    digest BLOB NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE INDEX mcu_outbox_message ON mcu_outbox (channel, account, external_id, sequence);

CREATE INDEX mcu_outbox_open ON mcu_outbox (sequence) WHERE state IN ('waiting', 'sending', 'unknown');

-- The kill switch: while a row is here, nothing is sent.
CREATE TABLE mcu_stop (
    name TEXT PRIMARY KEY,
    stopped_at TEXT NOT NULL,
    stopped_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- Ids of webhook calls that were taken, so that a repetition is known.
CREATE TABLE mcu_webhook (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    PRIMARY KEY (channel, account, webhook_id)
) STRICT;

CREATE INDEX mcu_webhook_taken ON mcu_webhook (channel, account, taken_at);

-- What came and went of each account, each entry bound to the one before it.
CREATE TABLE mcu_journal (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL,
    chain TEXT NOT NULL,
    PRIMARY KEY (channel, account, number)
) STRICT;

-- The last sign of life of whoever collects or delivers.
CREATE TABLE mcu_heartbeat (
    name TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    succeeded_at TEXT,
    reason TEXT
) STRICT;
