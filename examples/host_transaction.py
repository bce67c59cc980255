"""A message and the host's own card of it, committed together or not at all, in the host's database."""

import sqlite3
from datetime import UTC, datetime

from mcu_sdk import Inbox, Message
from mcu_sdk.intake.sqlite import HostedSqliteStore
from mcu_sdk.model import Batch

host = sqlite3.connect("crm.sqlite3")
store = HostedSqliteStore(host)  # HostedPostgresStore takes a psycopg connection
store.prepare()  # once, where the host makes its own tables
host.execute("CREATE TABLE IF NOT EXISTS cards (message TEXT, clerk TEXT)")
host.commit()

inbox = Inbox(store)
message = Message(channel="portal", account="town", external_id="1", text="Яма на дороге")
batch = Batch(channel="portal", account="town", items=(message,))

for clerk, keep in (("Иванова", False), ("Петрова", True)):
    received = inbox.receive(batch, datetime.now(UTC))
    host.execute("INSERT INTO cards VALUES (?, ?)", (message.external_id, clerk))
    if keep:
        host.commit()
    else:
        host.rollback()  # neither the card nor the message is there
    cards = host.execute("SELECT clerk FROM cards").fetchall()
    print(f"new: {received.new}, stored: {inbox.count()}, cards: {cards}")
host.close()
