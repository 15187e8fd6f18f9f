"""Digests and hashes, pinned: what was hashed once must give the same hash for ever."""

from typing import Any

from lossledger.core.digest import (
    FORMAT,
    GENESIS,
    Detail,
    Entry,
    detail_digest,
    details_digest,
    entry_hash,
)
from lossledger.core.trail import Posting

SALT = bytes(range(16))


def entry(**fields: object) -> Entry:
    """An entry of which only some fields matter."""
    whole = {
        "number": 7,
        "format": 1,
        "act": "report",
        "act_id": "actaaaaaaa",
        "kind": "loss",
        "subject": "lossaaaaaa",
        "recorded_at": "2020-10-09T08:30:00.250000Z",
        "acted_at": "2020-10-08T00:00:00.000000Z",
        "origin": None,
        "digest": bytes([1]) * 32,
        "previous": bytes([2]) * 32,
        "hash": b"is not read",
    }
    return Entry(**whole | fields)  # type: ignore[arg-type]


def test_the_constants_of_format_1() -> None:
    """They never change; another format has another number."""
    assert (1, bytes(32)) == (FORMAT, GENESIS)


def test_details_have_these_digests() -> None:
    """Salt, field and value, as a JSON array in UTF-8, whatever signs stand in the text."""
    details = {
        "plain": Detail("place", "Hadrut", SALT),
        "cleared": Detail("place", None, SALT),
        "empty": Detail("place", "", SALT),
        "another script": Detail("place", "Мартакерт Շուշի", SALT),
        "escapes": Detail("note", '"quoted" \\ \b\t\n\f\r\x00\x1f\x7f', SALT),
        "not escaped": Detail("note", "/ < > & \u2028 \u2029 \U0001f600", SALT),
        "not composed": Detail("note", "e\u0301", SALT),
        "redacted": Detail("note", None, None, bytes([9]) * 32),
    }
    assert {name: detail_digest(detail).hex() for name, detail in details.items()} == {
        "plain": "f82413a1d13ce2815438099d53e6257ff8825d55597785e08f5dada3d1d26b30",
        "cleared": "b3ddb945d322735f0465cd23e83cf278e1561b184080c9f8a8a4c3aef6f9af9d",
        "empty": "33de6b854b8b7c7c7adf8d4493eb384e462112f1f6ccdfa52ce3af7082f0bf41",
        "another script": "863cc3139a9746bfed6e6cabfbb309a3c4c2a415e362412dfa02db9d98328a9c",
        "escapes": "209b697be05fd8a2b51251385be0a8ca8c7d0f7d07e165d26e22693496fb4de2",
        "not escaped": "904cef07a175f3878d1a432cbc3172b66ce3397201e5d5fcd862297fbfd7b174",
        "not composed": "85ef77cf17276d4fc95956586ce00fcd45a3051ca47143c62bc7370bd0731af2",
        "redacted": "09" * 32,
    }


def test_the_digest_over_details_does_not_depend_on_their_order() -> None:
    """They are taken in the order of their fields' code points: Z before a, a before я."""
    details = [Detail(field, field, SALT) for field in ("я", "alias.12.7mm.name", "alias.127mm.name", "Z", "a")]
    assert details_digest(details) == details_digest(details[::-1])
    assert details_digest(details).hex() == "5315a69877d0f7e61269f7c8d85b8bf98ed1f74f0dad73b728ea29943b85b378"
    assert details_digest([]).hex() == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
    redacted = [detail._replace(value=None, salt=None, digest=detail_digest(detail)) for detail in details]
    assert details_digest(redacted) == details_digest(details)


def test_entries_have_these_hashes() -> None:
    """Over the one before, the content, the details' digest and the postings."""
    taken = Posting(-3, "war/red", "tanks", "t-72", "lost", "claimed", "own", "item", "2020-10-10", "2020-10-03", 2, 0)
    made = Posting(3, "war/red", "guns", None, "captured", "confirmed", "own", "aggregate", None, None, 0, 1)
    assert {
        "without postings": entry_hash(entry(), []).hex(),
        "with postings": entry_hash(entry(), [taken, made]).hex(),
        "in another order": entry_hash(entry(), [made, taken]).hex(),
        "first of all": entry_hash(entry(number=1, previous=GENESIS), []).hex(),
        "from elsewhere": entry_hash(entry(origin="another ledger"), []).hex(),
    } == {
        "without postings": "332a8a80c0a355ada5c47bad40d59fd8b3ed97c5b349edb11d90d37759b2529a",
        "with postings": "f0b50e4a9d59c4edd00f82304fb719581d73212d623338bd7970e7fc47242f94",
        "in another order": "f613339b9a4bbacdbec35dc864c271b7d6e749bfde18a0ebc629cf331cebdd22",
        "first of all": "4343e450befb6a63da1e91ffcfc1cc5cae5176fb2aaf4570ee77d1bad7b25003",
        "from elsewhere": "5e3bf45ab2f91394626f19c28059ee9ced6892d19d72b822d5e6ee5f11867043",
    }


def test_every_field_of_an_entry_is_hashed_but_the_hash() -> None:
    """Nothing of it can be changed unseen."""
    other = {
        name: {str: "other", int: 99, bytes: bytes([3]) * 32, type(None): "other"}[type(value)]
        for name, value in entry()._asdict().items()
    }
    unseen = [
        name for name, value in other.items() if entry_hash(entry(**{name: value}), []) == entry_hash(entry(), [])
    ]
    assert unseen == ["hash"]


def test_every_value_of_a_posting_is_hashed() -> None:
    """None of its names and numbers can be changed unseen."""
    line = Posting(3, "war/red", "guns", None, "captured", "confirmed", "own", "aggregate", None, None, 0, 1)
    changes: list[dict[str, Any]] = [{name: "other"} for name in Posting._fields]
    hashes = {entry_hash(entry(), [line._replace(**change)]) for change in changes}
    assert len(hashes | {entry_hash(entry(), [line])}) == 1 + len(Posting._fields)
