"""The store: what is taken in lies under its digest, once, unchanged; what broke off leaves nothing half."""

import hashlib
from collections.abc import Collection
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from lossledger.errors import Refused, Unavailable
from lossledger.evidence.places import Damaged, Word
from lossledger.evidence.store import Store, Taken, TooLarge
from lossledger.evidence.taking_out import write_out

HELLO = hashlib.sha256(b"hello").hexdigest()


def nothing(_: Collection[str]) -> Collection[str]:
    """A journal that knows no file."""
    return ()


def everything(digests: Collection[str]) -> Collection[str]:
    """A journal that knows every file."""
    return digests


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "ledger.evidence")


def put(store: Store, *contents: bytes) -> list[Taken]:
    """Take files in and keep them."""
    with store.taking(nothing) as taking:
        taken = [taking.add(content) for content in contents]
        taking.keep()
    return taken


def lying(store: Store) -> list[str]:
    """The paths of the files in the store's folder, but for the lock of its staging."""
    paths = (path.relative_to(store.folder) for path in store.folder.rglob("*") if not path.is_dir())
    return sorted(str(path) for path in paths if str(path) != ".staging/.lock")


def test_a_file_lies_under_its_digest_and_nobody_may_write_to_it(store: Store) -> None:
    (taken,) = put(store, b"hello")
    assert (taken.sha256, taken.size) == (HELLO, 5)
    assert lying(store) == [f"{HELLO[:2]}/{HELLO}"]
    assert store.path(HELLO).read_bytes() == b"hello"
    assert store.path(HELLO).stat().st_mode & 0o777 == 0o444
    assert (store.holds(HELLO), store.writable(HELLO), list(store.digests())) == (True, False, [HELLO])


def test_what_is_staged_has_no_place_before_it_is_kept(store: Store) -> None:
    with store.taking(nothing) as taking:
        taken = taking.add(BytesIO(b"hello"))
        assert taken.path.read_bytes() == b"hello"
        assert not store.holds(HELLO)
        taking.keep()
        assert store.holds(HELLO)
        assert not taken.path.exists()


def test_what_is_not_kept_is_thrown_away_unless_the_journal_has_it(store: Store) -> None:
    with store.taking(nothing) as taking:
        taking.add(b"hello")
    assert lying(store) == []
    with suppress(KeyboardInterrupt), store.taking(everything) as taking:
        taking.add(b"hello")
        raise KeyboardInterrupt
    assert lying(store) == [f"{HELLO[:2]}/{HELLO}"]


def test_where_the_journal_cannot_be_asked_the_next_one_asks_it(store: Store) -> None:
    def unavailable(_: Collection[str]) -> Collection[str]:
        raise Unavailable("the database is locked")

    with store.taking(unavailable) as taking:
        taking.add(b"hello")
    assert not store.holds(HELLO)
    store.settle(everything)
    assert lying(store) == [f"{HELLO[:2]}/{HELLO}"]


def test_what_the_living_have_staged_is_left_alone(store: Store) -> None:
    with store.taking(nothing) as taking:
        taken = taking.add(b"hello")
        put(store, b"another")
        store.settle(nothing)
        assert taken.path.exists()
        taking.keep()
    assert store.holds(HELLO)


def test_the_same_file_is_held_once_and_never_written_again(store: Store) -> None:
    put(store, b"hello")
    before = store.path(HELLO).stat()
    again, twice = put(store, b"hello", b"hello")
    assert again == twice == Taken(HELLO, 5, store.path(HELLO))
    assert store.path(HELLO).stat().st_ino == before.st_ino


def test_two_who_stage_the_same_file_both_get_it(store: Store) -> None:
    with store.taking(nothing) as one, store.taking(nothing) as other:
        one.add(b"hello")
        other.add(b"hello")
        other.keep()
        one.keep()
    assert lying(store) == [f"{HELLO[:2]}/{HELLO}"]


def test_what_another_is_about_to_move_is_not_nowhere(store: Store) -> None:
    """The journal may have it of the other, who has yet to move it: it never was missing."""
    with store.taking(nothing) as one, store.taking(nothing) as other:
        one.add(b"hello")
        assert one.is_nowhere(HELLO)
        other.add(b"hello")
        assert not one.is_nowhere(HELLO)
        other.keep()
        assert not one.is_nowhere(HELLO)


def test_a_trial_leaves_nothing_though_the_journal_has_it(store: Store) -> None:
    with store.taking(everything, trial=True) as taking:
        taking.add(b"hello")
    assert lying(store) == []


def test_a_damaged_file_is_named_and_not_written_over(store: Store) -> None:
    put(store, b"hello")
    store.path(HELLO).chmod(0o644)
    store.path(HELLO).write_bytes(b"jello")
    with store.taking(nothing) as taking, pytest.raises(Damaged, match=r"it was changed.*move what is there elsewhere"):
        taking.add(b"hello")
    assert store.path(HELLO).read_bytes() == b"jello"
    assert lying(store) == [f"{HELLO[:2]}/{HELLO}"]


def test_a_missing_file_comes_back_with_the_next_copy_of_it(store: Store) -> None:
    put(store, b"hello")
    store.path(HELLO).unlink()
    put(store, b"hello")
    assert store.path(HELLO).read_bytes() == b"hello"


def test_a_file_beyond_the_limit_is_not_taken_to_its_end(store: Store) -> None:
    class Endless:
        read_so_far = 0

        def read(self, size: int, /) -> bytes:
            self.read_so_far += size
            return bytes(size)

    endless = Endless()
    with store.taking(nothing) as taking, pytest.raises(TooLarge, match="more than 5,000,000 bytes"):
        taking.add(endless, limit=5_000_000)
    assert endless.read_so_far < 10_000_000
    assert lying(store) == []


@pytest.mark.parametrize(
    "text", ["", "../../../etc/passwd", "ab", HELLO[:-1], HELLO + "0", HELLO[:-1] + "/", "g" * 64, HELLO + "\n\n/"]
)
def test_what_is_no_digest_becomes_no_path(store: Store, text: str) -> None:
    with pytest.raises(Refused, match="is no SHA-256"):
        store.path(text)


def test_a_link_is_never_followed_out_of_the_store(store: Store, tmp_path: Path) -> None:
    put(store, b"hello")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / HELLO).write_bytes(b"hello")
    store.path(HELLO).unlink()
    store.path(HELLO).symlink_to(outside / HELLO)
    fault = store.fault(HELLO, 5)
    assert fault is not None
    assert fault.word is Word.REPLACED
    assert not store.holds(HELLO)
    with pytest.raises(Damaged, match="a symbolic link is in its place"):
        store.open(HELLO)
    store.path(HELLO).unlink()
    store.path(HELLO).parent.rmdir()
    store.path(HELLO).parent.symlink_to(outside)
    assert not store.holds(HELLO)
    with store.taking(nothing) as taking, pytest.raises(Damaged, match="in the place of its folder"):
        taking.add(b"hello")
    assert list(store.digests()) == []
    assert [path.name for path in store.strays()] == [HELLO[:2]]


def test_a_folder_in_the_staging_that_is_nobodys_is_left_there(store: Store) -> None:
    put(store, b"hello")
    mine = store.folder / ".staging" / "my pictures"
    mine.mkdir()
    store.settle(nothing)
    assert mine.exists()
    assert list(store.strays()) == [mine]


def test_a_store_that_cannot_be_written_to_says_so(store: Store, tmp_path: Path) -> None:
    (tmp_path / "ledger.evidence").write_text("a file is in its place")
    with pytest.raises(Unavailable, match="cannot be written to"), store.taking(nothing):
        pass


def test_what_was_changed_is_not_handed_out_as_if_it_were_whole(store: Store) -> None:
    put(store, b"hello")
    out = BytesIO()
    write_out(store, HELLO, out)
    assert out.getvalue() == b"hello"
    store.path(HELLO).chmod(0o644)
    store.path(HELLO).write_bytes(b"jello")
    with pytest.raises(Damaged, match="it was changed"):
        write_out(store, HELLO, BytesIO())
