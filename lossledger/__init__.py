"""A ledger of military equipment losses.

Nothing recorded is ever edited: a correction takes the old posting back and makes the new one, as a bookkeeper
does. So every tally is a plain sum, every past tally can be had again, and every change has an author, a time
and a reason. The command line is in `lossledger.cli`; `docs/architecture.md` says what each room of the package
is for and which rooms may know which.
"""

__version__ = "0.1.0"
