"""``python -m lossledger``: the same as the command."""

from lossledger.cli.main import main

main()
