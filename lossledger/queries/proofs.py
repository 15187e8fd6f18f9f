"""What proofs are made of: the tree over the entries, a loss's entries with their places, what is between two heads.

The tree stands in no table. Its leaves are the entries' hashes, read in order and held one at a time, whenever
somebody asks; nothing that counts losses knows of it.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import closing
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, func, select

from lossledger.core.digest import GENESIS, Detail, detail_digest
from lossledger.core.head import Head
from lossledger.core.merkle import (
    EMPTY,
    Span,
    Tree,
    consistency_spans,
    inclusion_spans,
    roots_by_consistency,
    tree_hashes,
    tree_root,
)
from lossledger.core.proof import Continuation, LossProof, Of, Placed
from lossledger.core.trail import Posting
from lossledger.db.tables import SUBJECTS, posting
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.errors import BadData
from lossledger.queries.history import Told, head, of_subject, told

_AT_ONCE = 10_000
"""How many hashes are fetched together."""

_TERMS = ("side", "category", "type", "feed")
"""What a posting's row refers to by numbers, and its hash covers by slugs."""

OF_THE_ACT = ("actor", "reason")
"""What is told of an entry that is in a proof for its act's sake."""

Withheld = Callable[[str], bool]
"""Whether the text of a field is to be left out."""


def head_with_root(connection: Connection) -> Head:
    """The head of a ledger with the root of the tree over all of its entries.

    Errors: BadData where entries are missing.
    """
    last = head(connection)
    if last is None:
        return Head(0, GENESIS, EMPTY)
    return Head(last.number, last.hash, root_over(connection, last.number))


def grown(connection: Connection, tree: Tree) -> Tree:
    """The tree over all entries, from that over the first of them. Errors: BadData where entries are missing."""
    with closing(_leaves(connection, _last_number(connection), tree.size)) as leaves:
        return tree.with_leaves(leaves)


def root_over(connection: Connection, size: int) -> bytes:
    """The root of the tree over the first entries. Errors: BadData where some of them are missing."""
    with closing(_leaves(connection, size)) as leaves:
        return tree_root(leaves, size)


def proof_of_loss(connection: Connection, uid: str, withheld: Withheld) -> LossProof:
    """The entries of a loss with their places in the tree over all entries.

    Where an entry does not say who acted, the one that begins its act is there as well, and tells no more than that.

    Args:
        connection: sees one state of the ledger throughout, as within `db.engine.reading`.
        uid: of a loss that there is.
        withheld: says of each field whether its text is left out, so that only its digest is told.

    Errors: BadData where entries are missing.
    """
    own = of_subject(connection, "loss", uid)
    begin = _beginnings(connection, [one for one in own if not any(field == "actor" for field, *_ in one.details)])
    numbers = {one.entry.number for one in own}
    wanted = sorted(
        [*own, *(one for one in begin if one.entry.number not in numbers)], key=lambda one: one.entry.number
    )
    size = _last_number(connection)
    spans = {one.entry.number: inclusion_spans(one.entry.number - 1, size) for one in wanted}
    root: Span = (0, size)
    hashes = _hashes(connection, size, {root, *chain.from_iterable(spans.values())})
    lines = _postings(connection, spans)
    placed = tuple(
        Placed(
            Of.LOSS if (is_own := one.entry.number in numbers) else Of.ACT,
            one.entry,
            tuple(_told(one.details, withheld if is_own else lambda field: field not in OF_THE_ACT or withheld(field))),
            lines.get(one.entry.number, ()),
            tuple(hashes[span] for span in spans[one.entry.number]),
        )
        for one in wanted
    )
    return LossProof(_head_of(connection, size, hashes[root]), uid, placed)


def continuation(connection: Connection, earlier: Head) -> Continuation:
    """The proof that the ledger begins with all entries of an earlier head of it.

    Args:
        connection: sees one state of the ledger throughout.
        earlier: a head of this ledger, as `checks.chain.against` has found; of at least one entry.

    Errors: BadData where entries are missing.
    """
    size, number = _last_number(connection), earlier.number
    path, last, whole = consistency_spans(number, size), inclusion_spans(number - 1, size), (0, size)
    hashes = _hashes(connection, size, {whole, (0, number), *path, *last})
    between = tuple(hashes[span] for span in path)
    # Where the earlier tree is no subtree of the later one, its root follows from the proof.
    root, _ = roots_by_consistency(number, size, hashes.get((0, number), b""), between)
    later = _head_of(connection, size, hashes[whole])
    return Continuation(earlier._replace(root=root), later, between, tuple(hashes[span] for span in last))


def _last_number(connection: Connection) -> int:
    last = head(connection)
    return last.number if last else 0


def _head_of(connection: Connection, size: int, root: bytes) -> Head:
    return Head(size, connection.scalars(select(entries.c.hash).where(entries.c.number == size)).one(), root)


def _hashes(connection: Connection, size: int, wanted: Collection[Span]) -> dict[Span, bytes]:
    """The hashes of subtrees of the tree over the first entries."""
    # Closed here: a tree asks for no more leaves than it has, so the stream does not come to its own end.
    with closing(_leaves(connection, size)) as leaves:
        return tree_hashes(leaves, size, wanted)


def _leaves(connection: Connection, size: int, after: int = 0) -> Generator[bytes, None, None]:
    """The hashes of the first entries, or of those ``after`` one. Errors: BadData where one of them is missing."""
    chosen = select(entries.c.number, entries.c.hash).where(entries.c.number > after, entries.c.number <= size)
    statement = chosen.order_by(entries.c.number)
    expected = after
    with connection.execute(statement, execution_options={"yield_per": _AT_ONCE}) as result:
        for rows in result.partitions():
            for number, its_hash in rows:
                expected += 1
                if number != expected:
                    raise BadData(f"entry {expected} is missing: no tree without it; see: lossledger audit")
                yield its_hash


def _beginnings(connection: Connection, of: Iterable[Told]) -> list[Told]:
    """The entries that begin the acts of some entries."""
    acts = {one.entry.act_id for one in of}
    if not acts:
        return []
    first = select(func.min(entries.c.number)).where(entries.c.act_id.in_(acts)).group_by(entries.c.act_id)
    statement = select(entries).where(entries.c.number.in_(first)).order_by(entries.c.number, details.c.field)
    return list(told(connection, statement))


def _told(of_entry: Iterable[Detail], withheld: Withheld) -> Iterator[Detail]:
    """Details in the order in which they are hashed; those withheld with no more than their digests."""
    for detail in sorted(of_entry):
        if detail.salt is not None and withheld(detail.field):
            yield Detail(detail.field, None, None, detail_digest(detail))
        else:
            yield detail


def _postings(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[Posting, ...]]:
    """The postings of some entries as they are hashed, by the entry's number."""
    joined: FromClause = posting
    columns: list[ColumnElement[Any]] = []
    for name in Posting._fields:
        if name in _TERMS:
            term = SUBJECTS[name].alias(f"its_{name}")
            joined = joined.join(term, term.c.id == posting.c[f"{name}_id"], isouter=True)
            columns.append(term.c.slug)
        else:
            columns.append(posting.c[name])
    statement = select(posting.c.entry, *columns).select_from(joined).where(posting.c.entry.in_(numbers))
    rows = connection.execute(statement.order_by(posting.c.entry, posting.c.line))
    return {
        number: tuple(Posting(*row[1:]) for row in of_entry) for number, of_entry in groupby(rows, key=itemgetter(0))
    }
