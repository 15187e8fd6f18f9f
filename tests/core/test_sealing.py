"""Sealing: what new entries get in one pass is what each proves by itself, and no salt comes twice."""

import os

from lossledger.core.digest import FORMAT, GENESIS, Detail, Entry, details_digest, entry_hash, new_uid
from lossledger.core.sealing import Draft, Sealed, seal
from lossledger.core.trail import Posting

NOW = "2020-10-09T08:30:00.250000Z"
LINE = Posting(3, "war/red", "guns", None, "captured", "confirmed", "own", "aggregate", None, None, 0, 1)
FIELDS = {
    "я": "Мартакерт",
    "note": '"quoted" \\ \t\n\x1f\x7f\u2028',
    "alias.12.7mm.name": "",
    "Z": None,
    "a": "\U0001f600",
}


def sealed(*fields: dict[str, str | None], previous: bytes = GENESIS) -> Sealed:
    """Entries with such details, the second of which moves a sum."""
    drafts = [
        Draft(number, "report", "loss", f"loss{number}", told, [LINE, LINE][: number - 1])
        for number, told in enumerate(fields, start=1)
    ]
    return seal(drafts, previous, act_id="actaaaaaaa", at=NOW)


def test_entries_have_the_hashes_that_they_prove_by_themselves() -> None:
    """Whatever signs stand in the texts, in whatever order the fields are given, and where there are none."""
    found = sealed(FIELDS, {}, {"place": "Hadrut"}, previous=bytes([2]) * 32)
    assert [detail[:3] for detail in found.details] == [
        *((1, field, text) for field, text in FIELDS.items()),
        (3, "place", "Hadrut"),
    ]
    previous = bytes([2]) * 32
    for number, row in enumerate(found.entries, start=1):
        entry = Entry(*row)  # type: ignore[arg-type]
        own = [Detail(*detail[1:]) for detail in found.details if detail[0] == number]  # type: ignore[arg-type]
        assert entry[:9] == (number, FORMAT, "report", "actaaaaaaa", "loss", f"loss{number}", NOW, NOW, None)
        assert entry.digest == details_digest(own)
        assert entry.previous == previous
        assert entry.hash == entry_hash(entry, [LINE, LINE][: number - 1])
        previous = entry.hash
    assert found.last == previous


def test_without_entries_the_chain_ends_where_it_ended() -> None:
    assert sealed(previous=b"the last") == Sealed([], [], b"the last")


def test_salts_and_uids_are_fresh() -> None:
    """No two details have a salt in common, and uids are ten characters that can be read aloud."""
    fields: dict[str, str | None] = dict.fromkeys(map(str, range(100)), "Hadrut")
    salts = [detail[3] for _ in range(2) for detail in sealed(*[fields] * 10).details]
    assert len(set(salts)) == len(salts) == 2000
    assert {len(salt) for salt in salts if isinstance(salt, bytes)} == {16}
    uids = [new_uid() for _ in range(1000)]
    assert len(set(uids)) == 1000
    assert {len(uid) for uid in uids} == {10}
    assert set("".join(uids)) == set("abcdefghijklmnopqrstuvwxyz234567")


def test_a_forked_process_draws_other_bytes_than_its_parent() -> None:
    """Random bytes are fetched by the block: what is left of one is the parent's alone."""
    new_uid()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, new_uid().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 10).decode() != new_uid()
