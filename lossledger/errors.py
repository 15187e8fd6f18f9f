"""What can go wrong, as one tree; each error knows the exit code it ends the program with."""


class LedgerError(Exception):
    """Something that a user or their data caused. Its text is one line that says what to do."""

    exit_code = 2


class Refused(LedgerError):
    """An act that the ledger's rules do not allow, or a value that cannot be."""


class UnknownName(Refused):
    """A name that the ledger does not know, with those that come near it, and what else can be done."""

    def __init__(self, what: str, name: str, near: list[str], hint: str) -> None:
        said = f"; did you mean {', '.join(near)}? {hint[:1].upper()}{hint[1:]}" if near else f"; {hint}"
        super().__init__(f"no {what} {name!r}{said}")
        self.what, self.name, self.near = what, name, near


class NothingFound(LedgerError):
    """A match was asked for, and there is none."""

    exit_code = 1


class Altered(LedgerError):
    """What was noted down of the journal is not what the journal says now."""

    exit_code = 1


class BadData(LedgerError):
    """A file with data that cannot be taken."""

    exit_code = 3


class NoLedger(LedgerError):
    """There is no ledger where one was looked for, or its schema is not this program's."""

    exit_code = 4


class Unavailable(LedgerError):
    """The database cannot be had: locked, full, read-only, corrupt."""

    exit_code = 5
