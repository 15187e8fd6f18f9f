"""The acts on a loss that is in the ledger: what each says, and what it changes."""

import json
from pathlib import Path

import pytest

from lossledger.cli.main import SECTIONS, cli
from tests.cli.conftest import Run
from tests.cli.looking import entries, loss, newest_source, rows

WHY = ("--reason", "because")


def total(run: Run, side: str, *more: str) -> int:
    """How many losses of a side a tally counts."""
    return sum(row["quantity"] for row in json.loads(run("tally", "--side", side, "--format", "json", *more).stdout))


def last(ledger: Path) -> dict[str, object]:
    """The last entry with its details by field."""
    [entry] = rows(ledger, "select number, act, subject from entry order by number desc limit 1")
    details = rows(ledger, "select field, value from entry_detail where entry = ?", entry["number"])
    return {"act": entry["act"], "subject": entry["subject"]} | {row["field"]: row.get("value") for row in details}


def test_amend_changes_what_is_given_and_a_type_brings_its_category(run: Run, ledger: Path) -> None:
    result = run("amend", "tank3", "--type", "D-30", "--date", "2020-10-11", "--note", "", "--place", "a hill", *WHY)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "loss tank333333: type T-72 -> D-30, category Tanks -> Towed Artillery, date 2020-10 -> 2020-10-11, "
        "place none -> 'a hill', note 'Seen from the road.' -> none\n"
    )
    row = loss(ledger, "tank333333")
    assert (row["type"], row["category"], row["day"], row["place"], "note" in row) == (
        *("d-30", "towed-artillery", "2020-10-11", "a hill"),
        False,
    )
    assert last(ledger)["reason"] == "because"


def test_amend_clears_what_is_given_empty(run: Run, ledger: Path) -> None:
    result = run("amend", "tank333333", "--type", "", "--date", "", "--at", "", *WHY)
    assert result.stderr == (
        "loss tank333333: type T-72 -> none, date 2020-10 -> none, latitude 40.1 -> none, longitude 47.05 -> none\n"
    )
    assert not loss(ledger, "tank333333").keys() & {"type", "day", "earliest", "latest", "latitude", "longitude"}


def test_amend_by_a_single_type_takes_the_candidates_back(run: Run, ledger: Path) -> None:
    told = run("amend", "blue", "--type", "T-72AV|T-72B", *WHY)
    assert told.stderr == "loss blue222222: type T-72AV -> T-72, candidates none -> T-72AV or T-72B\n"
    run("amend", "blue", "--type", "T-72B", *WHY)
    assert "candidates" not in loss(ledger, "blue222222")


def test_an_event_counts_from_its_day(run: Run, ledger: Path) -> None:
    result = run("event", "tank2", "--status", "captured", "--date", "2020-10-10", "--phrase", "towed", *WHY)
    assert result.stderr == "loss tank222222: destroyed -> captured on 2020-10-10\n"
    assert loss(ledger, "tank222222")["outcome"] == "captured"
    assert total(run, "red", "--own", "--status", "captured", "--as-of", "2020-10-09") == 0
    assert total(run, "red", "--own", "--status", "captured", "--as-of", "2020-10-10") == 1


def test_an_event_between_two_says_what_it_follows(run: Run) -> None:
    result = run("event", "blue", "--status", "abandoned", "--date", "2020-10-07", *WHY)
    assert result.stderr == "loss blue222222: damaged -> abandoned on 2020-10-07\n"


def test_what_is_recovered_no_longer_counts(run: Run) -> None:
    result = run("event", "blue", "--status", "recovered", "--date", "~2020-10", *WHY)
    assert result.stderr == "loss blue222222: captured -> recovered in ~2020-10\n"
    assert total(run, "blue") == 1


def test_verify_confirms_by_the_actor_unless_said_otherwise(run: Run, ledger: Path) -> None:
    assert run("verify", "guns", *WHY).stderr == "loss guns222222: claimed -> confirmed by tester\n"
    told = run("verify", "guns", "--as", "rejected", "--by", "The Counters", *WHY)
    assert told.stderr == "loss guns222222: confirmed -> rejected by The Counters\n"
    assert run("verify", "guns", "--as", "claimed", *WHY).stderr == "loss guns222222: rejected -> claimed\n"
    assert "verified_by" not in loss(ledger, "guns222222")


def test_verify_of_a_part_splits_it_off(run: Run, ledger: Path) -> None:
    result = run("verify", "guns", "--quantity", "3", *WHY)
    part = result.stdout.strip()
    assert result.stderr == f"loss guns222222: 10 -> 7; loss {part}: 3, claimed -> confirmed by tester\n"
    assert (loss(ledger, part)["quantity"], loss(ledger, part)["verification"]) == (3, "confirmed")
    assert total(run, "red", "--category", "guns") == 3
    assert total(run, "red", "--category", "guns", "--verification", "claimed") == 7


def test_verify_of_a_part_that_was_seen_makes_items_of_it(run: Run, ledger: Path) -> None:
    part = run("verify", "guns", "--quantity", "3", "--item", *WHY)
    assert part.stderr == (
        f"loss guns222222: 10 -> 7; loss {part.stdout.strip()}: 3, aggregate -> item, claimed -> confirmed by tester\n"
    )
    assert (loss(ledger, part.stdout.strip())["counts"], loss(ledger, "guns222222")["counts"]) == ("item", "aggregate")
    told = run("verify", "guns", "--quantity", "7", "--item", *WHY)
    assert told.stderr == "loss guns222222: aggregate -> item, claimed -> confirmed by tester\n"
    assert loss(ledger, "guns222222")["counts"] == "item"


def test_whether_it_was_seen_is_said_of_a_part_only(run: Run, ledger: Path) -> None:
    before = entries(ledger)
    assert run("verify", "guns", "--item", *WHY).exit_code == 2
    assert run("verify", "guns", "--aggregate", *WHY).exit_code == 2
    assert entries(ledger) == before


def test_verify_of_the_whole_quantity_splits_nothing(run: Run) -> None:
    result = run("verify", "guns", "--quantity", "10", *WHY)
    assert (result.stdout, result.stderr) == ("", "loss guns222222: claimed -> confirmed by tester\n")


def test_split_gives_the_part_its_own_fields(run: Run, ledger: Path) -> None:
    result = run("split", "guns", "--quantity", "2", "--type", "T-72B", "--item", "--place", "the ford", *WHY)
    part = result.stdout.strip()
    assert result.stderr == (
        f"loss guns222222: 10 -> 8; loss {part}: 2 T-72B of Redland, destroyed by 2020-10-20, claimed\n"
    )
    row = loss(ledger, part)
    assert (row["category"], row["counts"], row["place"], row["day"]) == ("tanks", "item", "the ford", "2020-10-20")


def test_merge_goes_to_the_root_and_unmerge_comes_back(run: Run) -> None:
    told = run("merge", "tank3", "tank4", *WHY)
    assert told.stderr == (
        "loss tank333333: merged into tank222222 (into which tank444444 is merged); it no longer counts\n"
    )
    assert total(run, "red") == 1
    assert run("unmerge", "tank3", *WHY).stderr == "loss tank333333: no longer merged into tank222222\n"
    assert total(run, "red") == 2


def test_a_confirmed_loss_that_goes_into_a_claimed_one_is_told_of(run: Run) -> None:
    """It was counted, and is no more; whoever merges may have had the two the wrong way round."""
    given = ("--side", "red", "--type", "T-72B", "--source", "https://example.org/8")
    one, other = (run("add", *given).stdout.strip() for _ in range(2))
    run("verify", one, *WHY)
    assert run("merge", one, other, *WHY).stderr == (
        f"loss {one}: merged into {other}; it no longer counts\n"
        f"what was confirmed is only claimed now, as loss {other} is; see: lossledger verify {other}\n"
    )


def test_of_a_merged_group_the_next_counts_when_the_first_is_withdrawn(run: Run) -> None:
    run("verify", "tank4", *WHY)
    told = run("withdraw", "tank2", *WHY)
    assert told.stderr == (
        "loss tank222222: withdrawn, it no longer counts; loss tank444444, merged into it, counts instead\n"
    )
    assert total(run, "red") == 2
    assert run("reinstate", "tank2", *WHY).stderr == "loss tank222222: reinstated, it counts again\n"


def test_withdraw_and_reinstate(run: Run) -> None:
    assert run("withdraw", "jeep", *WHY).stderr == "loss jeep222222: withdrawn, it no longer counts\n"
    assert total(run, "blue") == 1
    assert run("reinstate", "jeep", *WHY).stderr == "loss jeep222222: reinstated, it counts again\n"
    assert total(run, "blue") == 2


def test_what_is_reinstated_within_a_group_stays_merged(run: Run) -> None:
    run("withdraw", "tank4", *WHY)
    told = run("reinstate", "tank4", *WHY)
    assert told.stderr == "loss tank444444: reinstated, it stays merged into tank222222\n"


def test_evidence_of_a_new_and_a_known_source(run: Run, ledger: Path) -> None:
    told = run(
        *("evidence", "add", "jeep", "--source", "https://example.org/briefing", "--publisher", "A ministry"),
        *("--relation", "admits", "--credibility", "1", "--note", "On page 2.", *WHY),
    )
    source = newest_source(ledger)
    assert told.stderr == f"loss jeep222222: source {source['uid']} (new) admits it\n"
    assert source["publisher"] == "A ministry"
    assert run("evidence", "add", "jeep", "--source", "list", *WHY).stderr == (
        "loss jeep222222: source list222222 reports it\n"
    )
    found = rows(
        ledger,
        "select relation, credibility, evidence.note from evidence join loss on loss.id = loss_id "
        "where loss.uid = 'jeep222222' order by source_id",
    )
    assert found == [
        {"relation": "reports"},
        {"relation": "reports"},
        {"relation": "admits", "credibility": "1", "note": "On page 2."},
    ]


def test_a_dispute_over_a_field_leaves_the_count(run: Run, ledger: Path) -> None:
    told = run("dispute", "tank2", "--field", "type", "--says", "T-72B3", "--source", "list", *WHY)
    assert told.stderr == ("loss tank222222: source list222222 disputes type, and says T-72B3; it stays confirmed\n")
    [piece] = rows(ledger, "select relation, field, says from evidence where relation = 'disputes'")
    assert piece == {"relation": "disputes", "field": "type", "says": "T-72B3"}


@pytest.mark.parametrize(
    ("field", "what"), [((), "it"), (("--field", "side", "--says", "Blueland"), "side, and says Blueland")]
)
def test_a_dispute_over_the_loss_or_its_side_makes_it_disputed(run: Run, field: tuple[str, ...], what: str) -> None:
    told = run("dispute", "tank3", *field, "--source", "https://example.org/post", "--credibility", "3", *WHY)
    assert told.stderr == f"loss tank333333: source post222222 disputes {what}; confirmed -> disputed\n"
    assert total(run, "red") == 1


def test_note_and_link_leave_the_loss_as_it_is(run: Run, ledger: Path) -> None:
    before = loss(ledger, "tank333333")
    assert run("note", "tank3", "Two lines,\nthis one [red]too[/red].", *WHY).stderr == (
        "loss tank333333: note 'Two lines,⏎this one [red]too[/red].'\n"
    )
    assert last(ledger) == {
        "act": "note",
        "subject": "tank333333",
        "actor": "tester",
        "reason": "because",
        "text": "Two lines,\nthis one [red]too[/red].",
    }
    assert run("link", "tank3", "tank2", *WHY).stderr == (
        "losses tank333333 and tank222222: possibly the same; the count stays\n"
    )
    assert (last(ledger)["act"], last(ledger)["to"]) == ("link", "tank333333")
    assert loss(ledger, "tank333333") == before


def test_undo_says_what_it_undid_and_goes_back_step_by_step(run: Run, ledger: Path) -> None:
    uid = run("add", "--side", "red", "--type", "T-72", "--source", "https://example.org/new").stdout.strip()
    run("withdraw", "tank3", *WHY)
    first, second = run("undo", *WHY), run("undo", *WHY)
    assert first.stderr == "undo of withdraw on 2021-06-02 08:00 UTC: loss tank333333 counts again\n"
    assert second.stderr == (f"undo of report on 2021-06-02 08:00 UTC: loss {uid} is withdrawn and no longer counts\n")
    assert loss(ledger, uid)["withdrawn"] == 1
    assert run("undo", *WHY).exit_code == 1


@pytest.mark.parametrize(
    ("args", "effect"),
    [
        (("amend", "tank2", "--place", ""), "amend on WHEN: loss tank222222 goes back (place none -> 'the bridge')"),
        (("note", "tank2", "seen"), "note on WHEN: loss tank222222 is as it was before"),
        (("merge", "tank3", "tank2"), "merge on WHEN: loss tank333333 counts again"),
        (("reinstate", "guns"), "reinstate on WHEN: loss guns222222 is withdrawn and no longer counts"),
        (("type", "rename", "T-72", "Ural"), "change on WHEN: type Ural is called T-72 again"),
        (("side", "add", "Greenland"), "change on WHEN: side Greenland is gone"),
        (
            ("published", "accept", "held"),
            (
                "change on WHEN: published tally held222222 (2 two tanks (assertion), counted by The Counters) "
                "is as it was before"
            ),
        ),
    ],
)
def test_undo_says_what_has_become_of_it(run: Run, args: tuple[str, ...], effect: str) -> None:
    if args[0] == "reinstate":
        run("withdraw", "guns", *WHY)
    assert run(*args, *WHY).exit_code == 0
    assert run("undo", *WHY).stderr == f"undo of {effect.replace('WHEN', '2021-06-02 08:00 UTC')}\n"


def test_after_a_redaction_undo_says_how_to_go_on(run: Run) -> None:
    run("redact", "tank3", "--field", "note", "--yes", *WHY)
    refused = run("undo", *WHY)
    assert refused.exit_code == 2
    assert refused.stderr == (
        "lossledger: your latest act, redact on 2021-06-02 08:00 UTC, cannot be undone: what was redacted is gone for "
        "good; take what you did before it back with amend, verify, unmerge, withdraw or reinstate\n"
    )


def test_undo_of_evidence_takes_its_new_source_along_unless_it_is_cited_since(run: Run, ledger: Path) -> None:
    add = ("evidence", "add", "jeep", "--source", "https://example.org/new", *WHY)
    run(*add)
    run("undo", *WHY)
    assert len(rows(ledger, "select uid from source")) == 2
    run(*add)
    run("--actor", "bob", "evidence", "add", "blue", "--source", "https://example.org/new", *WHY)
    assert run("undo", *WHY).exit_code == 0
    assert len(rows(ledger, "select uid from source")) == 3


def test_a_redacted_text_is_nowhere_in_the_file(run: Run, ledger: Path) -> None:
    assert b"Seen from the road." in ledger.read_bytes()
    told = run("redact", "tank3", "--field", "note", "--field", "latitude,longitude", "--yes", *WHY)
    assert (told.exit_code, told.stdout) == (0, "")
    assert told.stderr == (
        "loss tank333333: 3 details of note, latitude, longitude redacted\n"
        "backups and copies of the ledger that were made before still hold it\n"
    )
    assert loss(ledger, "tank333333")["note"] == "[redacted]"
    assert b"Seen from the road." not in ledger.read_bytes()


def test_a_redaction_says_where_the_text_stands_as_well(run: Run) -> None:
    """In whole words, whatever their case; the fields of other losses are not looked at."""
    run("amend", "tank3", "--note", "Behind the Quiet Farm.", "--reason", "a letter")
    run("amend", "tank3", "--place", "Quiet Farm", "--reason", "quiet farm, says a letter")
    run("amend", "tank3", "--unit", "the quiet farmers", "--reason", "a letter")
    for more in (("--dry-run",), ("--yes",)):
        told = run("redact", "tank3", "--field", "place", "--reason", "asked for", *more)
        assert told.stderr.splitlines()[:2] == [
            f"{'would record: ' if more == ('--dry-run',) else ''}loss tank333333: 1 detail of place redacted",
            "also stands in: note, reason; look at the history, and redact what must go, too",
        ]


def test_a_reason_that_repeats_what_is_to_go_is_refused(run: Run, ledger: Path) -> None:
    refused = run("redact", "tank2", "--field", "place", "--reason", "The Bridge is a house", "--yes")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "lossledger: the reason repeats the text that is to go, and stays for good; give one that does not\n",
    )
    assert loss(ledger, "tank222222")["place"] == "the bridge"


def test_a_field_that_cannot_be_redacted_is_refused_before_anybody_is_asked(run: Run) -> None:
    refused = run("redact", "tank2", "--field", "plaice", *WHY)
    assert (refused.exit_code, refused.stderr) == (2, "lossledger: a loss has no field 'plaice'\n")


def test_redact_of_a_source_and_of_an_actor(run: Run, ledger: Path) -> None:
    assert run("redact", "post", "--kind", "source", "--field", "author", "--yes", *WHY).exit_code == 0
    told = run("redact", "jeep", "--field", "actor", "--yes", *WHY)
    assert told.stderr.startswith("loss jeep222222: 1 detail of actor redacted\n")
    assert b"@eyewitness" not in ledger.read_bytes()


DRY = {
    "amend": ("tank3", "--place", "a hill"),
    "event": ("tank3", "--status", "destroyed", "--date", "2020-11-01"),
    "verify": ("guns", "--quantity", "3"),
    "split": ("guns", "--quantity", "3"),
    "merge": ("tank3", "tank2"),
    "unmerge": ("tank4",),
    "withdraw": ("tank2",),
    "reinstate": ("guns",),
    "evidence": ("add", "tank2", "--source", "https://example.org/new"),
    "dispute": ("tank2", "--source", "https://example.org/new"),
    "note": ("tank2", "A remark."),
    "link": ("tank2", "tank3"),
    "undo": (),
    "redact": ("tank3", "--field", "note"),
}


@pytest.mark.parametrize("command", DRY)
def test_a_dry_run_writes_nothing(run: Run, ledger: Path, command: str) -> None:
    run("withdraw", "guns", *WHY) if command == "reinstate" else run("note", "jeep", "so that there is an act", *WHY)
    before, number = ledger.read_bytes(), entries(ledger)
    result = run(command, *DRY[command], *WHY, "--dry-run")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("would record: ")
    assert len(result.stderr.splitlines()) == 1
    assert ("a new source" in result.stderr) == ("https://example.org/new" in DRY[command])
    assert (entries(ledger), ledger.read_bytes()) == (number, before)


@pytest.mark.parametrize("command", ["add", *DRY])
def test_help_has_an_example_and_the_line_of_the_overview(run: Run, command: str) -> None:
    shown = run(command, *(["add"] if command == "evidence" else []), "--help")
    assert "Example" in shown.stdout
    assert f"  lossledger {command} " in shown.stdout
    found = cli.get_command(None, command)  # type: ignore[arg-type]
    assert found is not None
    assert found.short_help == SECTIONS["Record"][command]


def test_on_each_engine(served: Run) -> None:
    part = served("verify", "guns", "--quantity", "3", *WHY).stdout.strip()
    for args in (
        ("amend", part, "--type", "T-72B|T-72AV", "--at", "40.1,47.05"),
        ("event", part, "--status", "captured", "--date", "2020-11-01"),
        ("split", part, "--quantity", "1", "--item"),
        ("merge", "tank3", "tank4"),
        ("withdraw", "tank2"),
        ("undo",),
        ("unmerge", "tank3"),
        ("dispute", "blue", "--source", "https://example.org/new"),
        ("note", "tank3", "A remark."),
        ("link", "tank3", "tank4"),
        ("redact", "tank3", "--field", "note,text", "--yes"),
    ):
        result = served(*args, *WHY)
        assert result.exit_code == 0, (args, result.stderr)
    assert served("withdraw", "zzzz", *WHY).exit_code == 1
