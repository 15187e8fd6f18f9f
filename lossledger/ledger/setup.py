"""Making a ledger, and bringing an old one up to date."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Engine

from lossledger.core.head import read_head
from lossledger.core.vocabulary import OWN_FEED
from lossledger.db.engine import place, writing
from lossledger.db.migrate import upgrade
from lossledger.db.schema import revision
from lossledger.errors import Refused
from lossledger.ledger import catalogue, packs
from lossledger.ledger.journal import Journal
from lossledger.ledger.restoring import restore


def create(engine: Engine, actor: str, names: Sequence[str] = ()) -> Counter[str]:
    """Make a ledger with the catalogue and the packs named, all in one transaction.

    Returns how many of each kind were entered. Errors: Refused where there is a ledger already.
    """
    chosen = [packs.find(name) for name in dict.fromkeys((packs.CATALOGUE_PACK, *names))]
    added: Counter[str] = Counter()
    with writing(engine) as connection:
        if revision(connection) is not None:
            raise Refused(f"{place(engine)} holds a ledger already")
        upgrade(connection)
        first = Journal(connection, actor=actor, reason="the ledger begins")
        catalogue.create(first, "feed", {"name": "Own entries"}, OWN_FEED)
        first.flush()
        for pack in chosen:
            added += add_pack(
                Journal(connection, actor=actor, reason=f"pack {pack.name} {pack.version}"),
                pack,
            )
    return added


def create_from(engine: Engine, actor: str, pack: packs.Pack) -> Counter[str]:
    """Make a ledger of nothing but a package: with its journal where it takes one along, else with what it holds.

    Returns how many of each kind were entered, or how many entries were restored. Errors: Refused where there is a
    ledger already; BadData for a package that cannot be taken. Then nothing is made.
    """
    with writing(engine) as connection:
        if revision(connection) is not None:
            raise Refused(f"{place(engine)} holds a ledger already")
        upgrade(connection)
        if pack.journal_head is not None:
            return Counter(entry=restore(connection, pack.tables, read_head(pack.journal_head)))
        journal = Journal(connection, actor=actor, reason=f"package {pack.name} {pack.version}".strip())
        return add_pack(journal, pack)


def add_pack(journal: Journal, pack: packs.Pack) -> Counter[str]:
    """Enter a pack in one act; see `packs.add`."""
    added = packs.add(journal, pack)
    journal.flush()
    return added
