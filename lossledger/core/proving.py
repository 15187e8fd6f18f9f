"""Verifying proofs, without any ledger: what was altered in one, and what one that holds says.

Whoever verifies trusts nothing but the head that they have from elsewhere. Each fault names the entry and the step at
which it shows; the hash that the file gives for each entry only serves to tell these apart.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from lossledger.core.digest import Detail, details_digest, entry_hash
from lossledger.core.fields import REDACTED
from lossledger.core.fold import fold, spread
from lossledger.core.head import Head
from lossledger.core.merkle import OutOfRange, WrongLength, leaf_hash, root_by_inclusion, roots_by_consistency
from lossledger.core.proof import Continuation, LossProof, Of, Placed
from lossledger.core.text import many, quoted
from lossledger.core.trail import Posting, movement
from lossledger.core.vocabulary import Act

WITHHELD = "[withheld]"
"""What a field holds whose text the proof does not tell, though the ledger may have it."""

_IMPOSSIBLE = (ValueError, TypeError, LookupError, ArithmeticError)
"""What Python raises over a state that no loss can have."""


class Fault(NamedTuple):
    """What is wrong with a proof: where, at which step of its verification, and in what way."""

    place: str
    step: str
    wrong: str


class Step(NamedTuple):
    """What one entry of a loss says: who acted and why, and what it set; a field that it cleared has None."""

    number: int
    recorded_at: str
    act: str
    actor: str
    reason: str | None
    said: Mapping[str, str | None]
    postings: tuple[Posting, ...]


class Proven(NamedTuple):
    """What a proof that holds says of its loss: its state as these entries leave it, and each of them."""

    state: Mapping[str, str]
    steps: tuple[Step, ...]


def faults_of_loss(proof: LossProof, head: Head) -> list[Fault]:
    """What is wrong with the proof of a loss, held against the head that is trusted; nothing where it holds.

    Args:
        proof: as it was read.
        head: of the ledger, with its root, from elsewhere than the proof.
    """
    found = [
        *_another_head(proof.head, head),
        *_in_order(proof),
        *(fault for placed in proof.entries for fault in _details(placed)),
        *_in_the_tree(proof, head),
    ]
    # Of altered entries nothing follows, least of all that others are missing.
    return found or list(_acts(proof)) or list(_left_out(proof))


def faults_of_continuation(proof: Continuation, earlier: Head, later: Head) -> list[Fault]:
    """What is wrong with the proof that a later head continues an earlier one; nothing where it holds.

    An earlier head without a root is known again by its chain's hash, which stands in the tree as its last leaf.
    """
    heads = [*_another_head(proof.earlier, earlier, "from"), *_another_head(proof.later, later, "to")]
    if heads:
        return heads
    if not 1 <= earlier.number <= later.number:
        return [Fault("from", "size", "nothing is proved of an empty ledger, nor that a shorter one continues it")]
    return [*_last_leaf(proof), *_both_roots(proof)]


def told(proof: LossProof) -> Proven:
    """What the entries of a proof without faults say."""
    redacted = _redacted(proof)
    state: Mapping[str, str] = {}
    steps = []
    for placed in _of_loss(proof):
        details = [_readable(detail, placed.entry.number, redacted) for detail in placed.details]
        state = fold(state, details)
        actor, reason = (_of_the_act(proof, placed, field, redacted) for field in ("actor", "reason"))
        said = {detail.field: detail.value for detail in spread(details) if detail.field not in ("actor", "reason")}
        entry = placed.entry
        steps.append(Step(entry.number, entry.recorded_at, entry.act, actor or "", reason, said, placed.postings))
    return Proven(state, tuple(steps))


def _another_head(named: Head, trusted: Head, place: str = "head") -> Iterator[Fault]:
    """Where the head that a proof was made for is not the one that is trusted."""
    if named.number != trusted.number:
        entries = many(named.number, "entry", "entries")
        yield Fault(place, "size", f"the file is for one of {entries}, the one given has {trusted.number:,}")
    if named.hash != trusted.hash:
        yield Fault(place, "chain hash", f"the file is for {named.hash.hex()}, which is not the one given")
    if trusted.root is not None and named.root != trusted.root:
        yield Fault(
            place, "root", f"the file is for {named.root.hex() if named.root else 'none'}, which is not the one given"
        )


def _in_order(proof: LossProof) -> Iterator[Fault]:
    """The entries stand in the order of their numbers, and those of the loss are about it."""
    before = 0
    for placed in proof.entries:
        entry, place = placed.entry, _place(placed)
        if entry.number <= before:
            yield Fault(place, "order", f"it stands after entry {before}: entries were swapped, or put in twice")
        before = entry.number
        if placed.of == Of.LOSS and (entry.kind, entry.subject) != ("loss", proof.loss):
            about = f"{quoted(entry.kind)} {quoted(entry.subject)}"
            yield Fault(place, "subject", f"it is about {about}, and not about loss {quoted(proof.loss)}")
    if not _of_loss(proof):
        yield Fault("the loss", "entries", "none of its entries is in the file")


def _details(placed: Placed) -> Iterator[Fault]:
    """The details of an entry give the digest that its hash covers."""
    place, fields = _place(placed), [detail.field for detail in placed.details]
    if any(one >= other for one, other in pairwise(fields)):
        yield Fault(place, "details", "they do not stand in the order of their fields, or a field is there twice")
    elif details_digest(placed.details) != placed.entry.digest:
        yield Fault(place, "details", "one was altered, left out or added: they do not give the entry's digest")


def _in_the_tree(proof: LossProof, head: Head) -> Iterator[Fault]:
    """What each entry says gives its hash, and its path leads from there to the root that is trusted."""
    unlike = {placed.entry.number for placed in _unlike_their_fields(proof)}
    astray: list[Placed] = []
    for placed in proof.entries:
        place, entry = _place(placed), placed.entry
        hashes = own, stated = entry_hash(entry, placed.postings), entry.hash
        try:
            roots = [root_by_inclusion(leaf_hash(one), entry.number - 1, head.number, placed.path) for one in hashes]
        except OutOfRange as error:
            yield Fault(place, "place", str(error))
            continue
        except WrongLength as error:
            yield Fault(place, "path", f"hashes of it were cut off or added: {error}")
            roots = []
        if own != stated and roots[:1] == [head.root]:
            yield Fault(place, "hash", "the hash that the file gives for it was altered; what it says was not")
        elif own != stated and entry.number in unlike:
            yield Fault(place, "postings", "one was altered, left out or added: they are not what its fields give")
        elif own != stated:
            yield Fault(place, "content", "its number, act, subject, times or what it follows was altered")
        if roots and head.root not in roots:
            astray.append(placed)
    if astray and all(_leads_to(proof.head, placed, head.number) for placed in proof.entries):
        yield Fault("the tree", "root", "all paths lead to the root that the file names: this is of another tree")
        return
    for placed in astray:
        yield Fault(
            _place(placed), "path", "it does not lead to the root: a hash was altered, or it is another entry's"
        )


def _leads_to(named: Head, placed: Placed, size: int) -> bool:
    try:
        return root_by_inclusion(leaf_hash(placed.entry.hash), placed.entry.number - 1, size, placed.path) == named.root
    except ValueError:
        return False


def _acts(proof: LossProof) -> Iterator[Fault]:
    """Where an entry does not say who acted, the entry of its act that does is there; and no other."""
    silent = {placed.entry.act_id: placed for placed in _of_loss(proof) if _detail(placed, "actor") is None}
    telling = {placed.entry.act_id for placed in proof.entries if _detail(placed, "actor") is not None}
    for act_id, placed in silent.items():
        if act_id not in telling:
            yield Fault(_place(placed), "act", "the entry of its act that says who acted was left out")
    for placed in proof.entries:
        if placed.of == Of.ACT and placed.entry.act_id not in silent:
            yield Fault(_place(placed), "act", "no entry of the loss here needs it to say who acted")


def _left_out(proof: LossProof) -> Iterator[Fault]:
    """The first entry whose postings do not follow from it and those before it, though it is as it was written."""
    for placed in _unlike_their_fields(proof)[:1]:
        wrong = "an entry of the loss before it was left out: its postings do not follow from those that are here"
        yield Fault(_place(placed), "entries", wrong)


def _unlike_their_fields(proof: LossProof) -> list[Placed]:
    """The entries of the loss whose postings are not what turns the trail before them into the one after."""
    state: Mapping[str, str] = {}
    found = []
    for placed in sorted(_of_loss(proof), key=lambda placed: placed.entry.number):
        before, state = state, fold(state, placed.details)
        try:
            given = _net(movement(before, state))
        except _IMPOSSIBLE:
            found.append(placed)
            continue
        if given != _net(placed.postings):
            found.append(placed)
    return found


def _net(lines: Iterable[Posting]) -> Mapping[Posting, int]:
    net: Counter[Posting] = Counter()
    for line in lines:
        net[line._replace(quantity=0)] += line.quantity
    return {cell: quantity for cell, quantity in net.items() if quantity}


def _last_leaf(proof: Continuation) -> Iterator[Fault]:
    """The earlier ledger's last entry stands in the later tree, and with it all that its hash covers."""
    earlier, later = proof.earlier, proof.later
    try:
        root = root_by_inclusion(leaf_hash(earlier.hash), earlier.number - 1, later.number, proof.last)
    except WrongLength as error:
        yield Fault("last", "path", f"hashes of it were cut off or added: {error}")
        return
    if root != later.root:
        yield Fault("last", "path", f"it does not lead from entry {earlier.number} to the later root")


def _both_roots(proof: Continuation) -> Iterator[Fault]:
    """The earlier tree is the beginning of the later one."""
    earlier, later = proof.earlier, proof.later
    try:
        before, after = roots_by_consistency(earlier.number, later.number, earlier.root or b"", proof.path)
    except WrongLength as error:
        yield Fault("path", "path", f"hashes of it were cut off or added: {error}")
        return
    if before != earlier.root:
        yield Fault("path", "earlier root", "it does not lead to the earlier root: one of its hashes was altered")
    if after != later.root:
        yield Fault("path", "later root", "it does not lead to the later root: one of its hashes was altered")


def _of_loss(proof: LossProof) -> list[Placed]:
    return [placed for placed in proof.entries if placed.of == Of.LOSS]


def _place(placed: Placed) -> str:
    return f"entry {placed.entry.number}"


def _detail(placed: Placed, field: str) -> Detail | None:
    return next((detail for detail in placed.details if detail.field == field), None)


def _readable(detail: Detail, number: int, redacted: Collection[tuple[str, str]]) -> Detail:
    """A detail with a word in place of a text that is not told."""
    if detail.salt is not None:
        return detail
    word = REDACTED if (str(number), detail.field) in redacted else WITHHELD
    return Detail(detail.field, word, b"")


def _redacted(proof: LossProof) -> set[tuple[str, str]]:
    """The details that were taken out of the ledger, as the loss's entries say: number of the entry, and field."""
    lists = (_detail(placed, "redacts") for placed in _of_loss(proof) if placed.entry.act == Act.REDACT)
    parts = (part.partition(":") for one in lists if one and one.value for part in one.value.split(", "))
    return {(number, field) for number, _, field in parts}


def _of_the_act(proof: LossProof, placed: Placed, field: str, redacted: Collection[tuple[str, str]]) -> str | None:
    """What an entry, or else the entry that begins its act, says of the act."""
    act = placed.entry.act_id
    telling = (one for one in (placed, *proof.entries) if one.entry.act_id == act and _detail(one, "actor"))
    for one in telling:
        detail = _detail(one, field)
        return None if detail is None else _readable(detail, one.entry.number, redacted).value
    return None
