"""`python -m mcu_sdk.cli` is `mcu`."""

from mcu_sdk.cli import main

main()
