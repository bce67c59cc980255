CREATE TABLE mcu_inbox (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    external_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    received_at TEXT NOT NULL,
    digest BYTEA NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (channel, account, external_id, version)
);

CREATE TABLE mcu_cursor (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    cursor TEXT NOT NULL,
    PRIMARY KEY (channel, account)
);

CREATE TABLE mcu_quarantine (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    item TEXT NOT NULL,
    external_id TEXT,
    reason TEXT NOT NULL,
    received_at TEXT NOT NULL,
    raw TEXT NOT NULL,
    UNIQUE (channel, account, item)
);

CREATE TABLE mcu_handler (
    handler TEXT PRIMARY KEY
);

CREATE TABLE mcu_work (
    handler TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    leased_until TEXT,
    leased_by TEXT,
    reason TEXT,
    PRIMARY KEY (handler, sequence)
);

CREATE INDEX mcu_work_open ON mcu_work (handler, sequence) WHERE state = 'waiting';

CREATE TABLE mcu_outbox (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    external_id TEXT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
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
    digest BYTEA NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX mcu_outbox_message ON mcu_outbox (channel, account, external_id, sequence);

CREATE INDEX mcu_outbox_open ON mcu_outbox (sequence) WHERE state IN ('waiting', 'sending', 'unknown');

CREATE TABLE mcu_stop (
    name TEXT PRIMARY KEY,
    stopped_at TEXT NOT NULL,
    stopped_by TEXT NOT NULL,
    reason TEXT NOT NULL
);

CREATE TABLE mcu_webhook (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    PRIMARY KEY (channel, account, webhook_id)
);

CREATE INDEX mcu_webhook_taken ON mcu_webhook (channel, account, taken_at);

CREATE TABLE mcu_journal (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    number BIGINT NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL,
    chain TEXT NOT NULL,
    PRIMARY KEY (channel, account, number)
);

CREATE TABLE mcu_heartbeat (
    name TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    succeeded_at TEXT,
    reason TEXT
);
