"""Collect a municipality's messages and print what burns first.

Run it beside the sandbox:

    mcu sandbox                                          (in another terminal)
    export MCU_PORTAL_SECRET=sandbox MCU_PORTAL_CLIENT_SECRET=sandbox
    python examples/first_program.py
"""

from datetime import datetime
from pathlib import Path

from mcu_sdk import Inbox, Municipality, collect, worklist

town = Municipality.load(Path(__file__).with_name("meshchovsk.toml"))
with town.portal() as portal, Inbox.open("town.sqlite3") as inbox:
    print(collect(portal, inbox))
    for item in worklist(inbox, town, now=datetime.now(town.zone)):
        print(item.due, item.responsible, item.message.number)
        print(item.explain("ru"))
