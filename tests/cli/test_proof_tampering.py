"""Whatever is done to a proof is found, and named: every part of the file altered, left out, put in, moved."""

import copy
import json
import re
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lossledger.core.head import Head, read_head
from lossledger.core.proof import Continuation, LossProof
from lossledger.core.proof_reading import Malformed, read
from lossledger.core.proving import faults_of_continuation, faults_of_loss
from tests.cli.conftest import open_view, runner

LOSS = "blue222222"
File = dict[str, Any]
PAGE = (Path(__file__).parents[2] / "docs" / "proof.md").read_text(encoding="utf-8")
STEPS = {
    step
    for line in PAGE.partition("| step |")[2].partition("\n\n")[0].splitlines()
    for step in re.findall("`([^`]+)`", line.split("|")[1] if line.startswith("|") else "")
}
Found = set[tuple[str, str]]
"""Faults: where, and at which step."""


class Ledger(NamedTuple):
    """What somebody has who tampers: a head, the proof of a loss, an earlier head, the proof that it is continued."""

    head: Head
    loss: File
    earlier: Head
    continued: File


def entry(loss: File, at: int) -> str:
    """Where a fault is that shows at an entry of the file."""
    return f"entry {loss['entries'][at]['entry'][1]}"


@pytest.fixture(scope="module")
def ledger(made_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A loss that was reported, captured later, disputed, noted upon, and believed again, in a ledger that went on."""
    path = tmp_path_factory.mktemp("tampering") / "valley.db"
    shutil.copy(made_ledger, path)
    run = runner(str(path))
    open_view(run)

    def act(*args: str) -> None:
        assert run("--actor", "ben", *args, "--reason", "looked again").exit_code == 0

    act("verify", LOSS, "--as", "disputed")
    act("note", LOSS, "somebody else's tank?")
    earlier = run("audit", "--head").stdout
    act("verify", LOSS)
    act("note", "tank222222", "still there")
    proof = run("export", "--proof", LOSS, "--withhold", "verified_by").stdout
    continued = run("audit", "--consistency", earlier).stdout
    head = run("audit", "--head").stdout
    return Ledger(read_head(head), json.loads(proof), read_head(earlier), json.loads(continued))


def found(file: File, ledger: Ledger) -> Found:
    """What is found wrong with a file; a file that is no proof at all is told so. The page explains each step."""
    faults = _found(file, ledger)
    assert {step for _, step in faults} <= STEPS | {"malformed"}
    return faults


def _found(file: File, ledger: Ledger) -> Found:
    try:
        proof = read(json.dumps(file).encode(), "file")
    except Malformed:
        return {("the file", "malformed")}
    if isinstance(proof, LossProof):
        return {(fault.place, fault.step) for fault in faults_of_loss(proof, ledger.head)}
    return {(fault.place, fault.step) for fault in faults_of_continuation(proof, ledger.earlier, ledger.head)}


def parts(value: Any, *way: Any) -> Iterator[tuple[Any, ...]]:
    """The way to every text, number and null of a file."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from parts(below, *way, key)
    elif isinstance(value, list):
        for at, below in enumerate(value):
            yield from parts(below, *way, at)
    else:
        yield way


def altered(file: File, way: tuple[Any, ...], value: Any) -> File:
    """A copy of a file with another value in one place."""
    new = copy.deepcopy(file)
    holder: Any = new
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = value
    return new


def other(value: Any) -> Any:
    """A value like another, and another: the last digit or letter changes, so that its form stays."""
    if value is None:
        return "x"
    if isinstance(value, int):
        return value + 1
    # The last character of a path holds bits that must be zero; the first one is as good.
    return f"{'1' if value[0] == '0' else '0'}{value[1:]}" if value else "x"


def step_of(way: tuple[Any, ...]) -> set[str]:
    """The steps at which it shows that a part of an entry was altered."""
    match way:
        case ("entry", 1):
            return {"content", "path", "place", "order"}
        case ("entry", 9):
            return {"details", "content"}
        case ("entry", 10, *_):
            return {"postings"}
        case ("entry", 4 | 5):
            return {"content", "subject"}
        case ("entry", *_):
            return {"content"}
        case ("details", *_):
            return {"details"}
        case (name, *_):
            return {str(name)}
    raise AssertionError(way)


def test_an_honest_proof_has_no_fault(ledger: Ledger) -> None:
    assert found(ledger.loss, ledger) == set()
    assert found(ledger.continued, ledger) == set()
    assert len(ledger.loss["entries"]) == 5


def test_every_part_of_every_entry_is_covered(ledger: Ledger) -> None:
    """Altered, it shows at that entry alone, and at a step that says what was altered."""
    tried = set()
    for way in parts(ledger.loss["entries"], "entries"):
        _, at, *rest = way
        if rest == ["of"]:
            continue
        value = ledger.loss
        for step in way:
            value = value[step]
        steps = step_of(tuple(rest))
        faults = found(altered(ledger.loss, way, other(value)), ledger)
        changed = entry(altered(ledger.loss, way, other(value)), at)
        assert faults, way
        assert {step for place, step in faults if place == changed} & steps, (way, faults)
        assert {step for _, step in faults} <= steps, (way, faults)
        if rest != ["entry", 1]:  # an entry of another number is not where its neighbours expect one
            assert {place for place, _ in faults} == {changed}, (way, faults)
        tried |= steps
    assert tried == {"details", "content", "postings", "path", "place", "order", "subject", "hash"}


def test_every_hash_of_every_path_is_covered(ledger: Ledger) -> None:
    for at, one in enumerate(ledger.loss["entries"]):
        for place in range(0, len(one["path"]) - 1, 43):  # a hash is 42 and two thirds of these
            path = one["path"][:place] + ("A" if one["path"][place] != "A" else "B") + one["path"][place + 1 :]
            file = altered(ledger.loss, ("entries", at, "path"), path)
            assert found(file, ledger) == {(entry(file, at), "path")}


@pytest.mark.parametrize("cut", [0, 128, -128], ids=["all of it", "its end", "its beginning"])
def test_a_path_that_was_cut_is_named(ledger: Ledger, cut: int) -> None:
    """Three hashes are 128 characters."""
    path = ledger.loss["entries"][1]["path"]
    file = altered(ledger.loss, ("entries", 1, "path"), path[:cut] if cut >= 0 else path[128:])
    assert found(file, ledger) == {(entry(file, 1), "path")}


def test_a_path_with_more_hashes_is_named(ledger: Ledger) -> None:
    path = ledger.loss["entries"][1]["path"]
    file = altered(ledger.loss, ("entries", 1, "path"), path[:128] + path)
    assert found(file, ledger) == {(entry(file, 1), "path")}


def test_every_part_of_the_head_is_covered(ledger: Ledger) -> None:
    size, chain, root = ledger.loss["head"].split(":")
    for head, step in (
        (f"{int(size) + 1}:{chain}:{root}", "size"),
        (f"{size}:{other(chain)}:{root}", "chain hash"),
        (f"{size}:{chain}:{other(root)}", "root"),
    ):
        assert found(altered(ledger.loss, ("head",), head), ledger) == {("head", step)}
        for name, earlier in (("to", ledger.head), ("from", ledger.earlier)):
            size_, chain_, root_ = str(earlier).split(":")
            wrong = {"size": f"{int(size_) + 1}:{chain_}:{root_}", "root": f"{size_}:{chain_}:{other(root_)}"}
            wrong |= {"chain hash": f"{size_}:{other(chain_)}:{root_}"}
            assert found(altered(ledger.continued, (name,), wrong[step]), ledger) == {(name, step)}


def test_a_head_that_is_not_the_one_trusted_is_named(ledger: Ledger) -> None:
    """The other way round: the file is as it was, and the head is not."""
    size, chain, root = str(ledger.head).split(":")
    assert found(ledger.loss, ledger._replace(head=read_head(f"{size}:{other(chain)}:{root}"))) == {
        ("head", "chain hash")
    }
    faults = found(ledger.loss, ledger._replace(head=read_head(f"{size}:{chain}:{other(root)}")))
    assert faults == {("head", "root"), ("the tree", "root")}
    faults = found(ledger.loss, ledger._replace(head=read_head(f"3:{chain}:{root}")))
    assert faults == {("head", "size"), *((entry(ledger.loss, at), "place") for at in range(5))}


def test_an_entry_that_changed_its_role_is_named(ledger: Ledger) -> None:
    for at in range(5):
        file = altered(ledger.loss, ("entries", at, "of"), "act")
        assert (entry(file, at), "act") in found(file, ledger)


def test_the_loss_that_the_file_names_is_that_of_its_entries(ledger: Ledger) -> None:
    file = altered(ledger.loss, ("loss",), "tank222222")
    assert found(file, ledger) == {(entry(file, at), "subject") for at in range(5)}


def test_details_left_out_put_in_moved_or_withheld_are_named(ledger: Ledger) -> None:
    details = ledger.loss["entries"][0]["details"]
    salt, field, value = details[0]
    for changed in (
        details[1:],
        [*details, [salt, "zeal", "great"]],
        [details[1], details[0], *details[2:]],
        [details[0], *details],
        [[field, "00" * 32], *details[1:]],
        [[salt, field, None], *details[1:]],
        [],
    ):
        file = altered(ledger.loss, ("entries", 0, "details"), changed)
        assert found(file, ledger) == {(entry(file, 0), "details")}
    assert value == "ann"


def test_a_detail_may_be_withheld_by_whoever_passes_the_file_on(ledger: Ledger) -> None:
    salt, field, value = ledger.loss["entries"][0]["details"][0]
    written = json.dumps([salt, field, value], separators=(",", ":"))
    withheld = [field, sha256(written.encode()).hexdigest()]
    assert found(altered(ledger.loss, ("entries", 0, "details", 0), withheld), ledger) == set()


def test_postings_left_out_put_in_or_moved_are_named(ledger: Ledger) -> None:
    taken, made = ledger.loss["entries"][1]["entry"][10]
    for changed, step in (
        ([], "postings"),
        ([taken], "postings"),
        ([taken, made, made], "postings"),
        ([made, taken], "content"),  # the same in sum, and not as it was written
    ):
        file = altered(ledger.loss, ("entries", 1, "entry", 10), changed)
        assert found(file, ledger) == {(entry(file, 1), step)}


def test_entries_swapped_or_put_in_twice_are_named(ledger: Ledger) -> None:
    one, two, *others = ledger.loss["entries"]
    assert found(ledger.loss | {"entries": [two, one, *others]}, ledger) == {(entry(ledger.loss, 0), "order")}
    twice = found(ledger.loss | {"entries": [one, two, two, *others]}, ledger)
    assert (entry(ledger.loss, 1), "order") in twice


def test_what_two_entries_say_cannot_be_swapped(ledger: Ledger) -> None:
    """Content, details and hash of one entry with the path of another."""
    one, two, *others = ledger.loss["entries"]
    swapped = [one | {"path": two["path"]}, two | {"path": one["path"]}, *others]
    assert found(ledger.loss | {"entries": swapped}, ledger) == {(entry(ledger.loss, at), "path") for at in (0, 1)}


@pytest.mark.parametrize(("left_out", "shows_at"), [(0, 1), (1, 2), (2, 4)])
def test_an_entry_left_out_shows_where_later_postings_rest_on_it(ledger: Ledger, left_out: int, shows_at: int) -> None:
    file = copy.deepcopy(ledger.loss)
    del file["entries"][left_out]
    assert found(file, ledger) == {(entry(ledger.loss, shows_at), "entries")}


@pytest.mark.parametrize("left_out", [3, 4], ids=["a note", "the last one"])
def test_an_entry_on_which_nothing_later_rests_can_be_left_out(ledger: Ledger, left_out: int) -> None:
    """The limit of what such a proof can show, which the page and the program tell."""
    file = copy.deepcopy(ledger.loss)
    del file["entries"][left_out]
    assert found(file, ledger) == set()


def test_no_entry_at_all_is_named(ledger: Ledger) -> None:
    assert found(ledger.loss | {"entries": []}, ledger) == {("the loss", "entries")}


def sealed(one: File, forge: Callable[[File], None]) -> File:
    """An entry forged as well as can be: its digest and its hash fit what it says now."""
    new = copy.deepcopy(one)
    forge(new)

    def hashed(content: Any) -> str:
        return sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

    new["entry"][9] = hashed([part if len(part) == 2 else [part[1], hashed(part)] for part in new["details"]])
    new["hash"] = hashed(new["entry"])
    return new


def test_a_forgery_whose_hashes_fit_does_not_stand_in_the_tree(ledger: Ledger) -> None:
    def actor(one: File) -> None:
        one["details"][0][2] = "mallory"

    def number(one: File) -> None:
        one["entry"][1] += 1

    def day(one: File) -> None:
        one["entry"][6] = "2020-01-01T00:00:00.000000Z"

    for forge in (actor, number, day):
        file = copy.deepcopy(ledger.loss)
        file["entries"][-1] = sealed(file["entries"][-1], forge)
        assert found(file, ledger) == {(entry(file, -1), "path")}


def test_a_proof_of_another_ledger_is_named(ledger: Ledger, made_ledger: Path) -> None:
    """It is sound by itself, under a head of its own; neither that head nor its paths are those of this ledger."""
    run = runner(str(made_ledger))
    theirs = json.loads(run("export", "--proof", LOSS).stdout)
    assert {step for _, step in found(theirs, ledger)} >= {"size", "chain hash", "root"}
    pretended = found(theirs | {"head": str(ledger.head)}, ledger)
    assert {step for _, step in pretended} == {"path"}
    same_size = ledger._replace(head=read_head(theirs["head"])._replace(root=bytes(32)))
    assert found(theirs, same_size) == {("head", "root"), ("the tree", "root")}


def test_every_hash_between_two_heads_is_covered(ledger: Ledger) -> None:
    for name in ("path", "last"):
        path = ledger.continued[name]
        for place in range(0, len(path) - 1, 43):
            changed = path[:place] + ("A" if path[place] != "A" else "B") + path[place + 1 :]
            faults = found(altered(ledger.continued, (name,), changed), ledger)
            assert faults
            assert {where for where, _ in faults} == {name}
            assert {step for _, step in faults} <= {"path", "earlier root", "later root"}
        for changed in (path[128:], path[:128] + path, ""):
            assert found(altered(ledger.continued, (name,), changed), ledger) == {(name, "path")}


def test_a_rewritten_journal_continues_no_earlier_head(ledger: Ledger) -> None:
    """Somebody who has written the journal anew can only show the proof of the ledger that they have now."""
    proof = read(json.dumps(ledger.continued).encode(), "file")
    assert isinstance(proof, Continuation)
    for earlier in (ledger.earlier._replace(hash=bytes(32)), ledger.earlier._replace(root=bytes(32))):
        forged = proof._replace(earlier=earlier)
        assert faults_of_continuation(forged, earlier, ledger.head)
    shorter = faults_of_continuation(
        proof._replace(earlier=proof.later, later=proof.earlier), ledger.head, ledger.earlier
    )
    assert [fault.step for fault in shorter] == ["size"]


def test_no_part_may_be_of_another_form(ledger: Ledger) -> None:
    """A number where a text should be, a list where a number should be, and so on: no proof, and said where."""
    impossible: tuple[Any, ...] = ([], {}, True, 1.5, -(2**63), 2**64, float("nan"))
    for file in (ledger.loss, ledger.continued):
        for way in parts(file):
            for value in impossible:
                with pytest.raises(Malformed, match=r"^file: "):
                    read(json.dumps(altered(file, way, value)).encode(), "file")
