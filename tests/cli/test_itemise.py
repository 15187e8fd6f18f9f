"""Itemising as a user sees it: the sum stays, and more of it is itemised."""

import json

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen

NEW = ("--date", "2020-10-08", "--source", "https://example.org/9")
GUN = ("add", "--side", "red", "--type", "D-30", "--status", "destroyed", *NEW)
CLAIMED = ("tally", "--side", "red", "--category", "guns", "--verification", "claimed,confirmed", "--format", "csv")


def counted(run: Run) -> str:
    """What the caption says of Redland's guns: "Redland 10, of which 1 itemised"."""
    line = run(*CLAIMED).stderr.splitlines()[1]
    return line.removeprefix("Confirmed and claimed. ").removeprefix("Claimed and confirmed. ").rstrip(".")


def told(run: Run, uid: str) -> dict[str, object]:
    case: dict[str, object] = json.loads(run("show", uid, "--format", "json").stdout)
    return case


def test_an_item_found_leaves_the_aggregate(served: Run) -> None:
    """Ten stay ten; the item has its own day and source beside the aggregate's, and one undo takes all of it back."""
    result = served("itemise", "guns", *NEW, "--place", "the ford", "--quantity", "3")
    uid = result.stdout.strip()
    assert result.stderr.startswith(
        f"aggregate guns222222: 10 -> 7; loss {uid}: 3 D-30 of Redland, destroyed on 2020-10-08, claimed; source "
    )
    assert counted(served) == "Redland 10, of which 3 itemised"
    item = told(served, uid)
    assert [item[name] for name in ("quantity", "counts", "day", "place", "split_from", "verification")] == [
        *(3, "item", "2020-10-08", "the ford"),
        *("guns222222", "claimed"),
    ]
    urls = [piece["source"]["url"] for piece in item["evidence"]]  # type: ignore[attr-defined]
    assert urls == ["https://example.org/list", "https://example.org/9"]
    screen(served("undo", "--reason", "a mistake"))
    assert counted(served) == "Redland 10, of which 0 itemised"
    assert screen(served("audit")).endswith("\n")


def test_losses_in_the_ledger_are_no_longer_counted_twice(served: Run) -> None:
    """Each takes as many as it has out of the aggregate that counted it, too; one undo lets go of all."""
    items = [served(*GUN, "--quantity", number, "--verification", "confirmed").stdout.strip() for number in "21"]
    assert counted(served) == "Redland 13, of which 3 itemised"
    result = served("itemise", "guns", *items)
    assert result.stderr == f"aggregate guns222222: 10 -> 7; 3 items no longer counted twice: {', '.join(items)}\n"
    assert counted(served) == "Redland 10, of which 3 itemised"
    again = served("itemise", "guns", items[0])
    assert (again.exit_code, again.stderr.split(" as its")[0]) == (
        2,
        f"lossledger: loss {items[0]} was taken out of guns222222 already,",
    )
    screen(served("undo", "--reason", "a mistake"))
    assert counted(served) == "Redland 13, of which 3 itemised"
    assert screen(served("audit")).endswith("\n")


def test_an_aggregate_is_itemised_to_its_end(run: Run) -> None:
    """One after the other; the last is the aggregate itself, and then there is none left."""
    seen = [counted(run)]
    for number in ("4", "5", "1"):
        screen(run("itemise", "guns", "--quantity", number, *NEW))
        seen.append(counted(run))
    assert seen == [f"Redland 10, of which {itemised} itemised" for itemised in (0, 4, 9, 10)]
    assert told(run, "guns")["counts"] == "item"
    left = run("itemise", "guns", *NEW)
    assert (left.exit_code, left.stderr) == (2, "lossledger: loss guns222222 is no aggregate: all of it is itemised\n")


def test_the_last_of_an_aggregate_may_be_in_the_ledger(run: Run) -> None:
    uid = run(*GUN, "--quantity", "10").stdout.strip()
    screen(run("itemise", "guns", uid))
    assert counted(run) == "Redland 10, of which 10 itemised"
    assert told(run, "guns")["merged_into"] == uid


def test_what_an_aggregate_leaves_open_the_item_says(run: Run) -> None:
    """Three of which nothing is given but the number: one was a captured T-72B, and is believed."""
    item = ("--type", "T-72B", "--status", "captured", "--verification", "confirmed", "--verified-by", "ben")
    screen(run("amend", "none", "--aggregate", "--reason", "a number"))
    uid = run("itemise", "none", *item, *NEW).stdout.strip()
    case = told(run, uid)
    assert [case[name] for name in ("type", "category", "outcome", "verification", "verified_by")] == [
        *("T-72B", "Tanks", "captured"),
        *("confirmed", "ben"),
    ]
    acts = [line.split("UTC  ")[1] for line in screen(run("history", uid)).splitlines() if "UTC  " in line]
    assert acts[-3:] == ["split, by tester", "evidence, by tester", "verify, by tester"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("tank2", *NEW), "loss tank222222 is no aggregate: all of it is itemised"),
        (("guns", "--quantity", "11", *NEW), "aggregate guns222222 has 10 left: 11 cannot be taken out of it"),
        (("guns",), "no source is named; give a link or a source's id with --source"),
        (
            ("guns", "--side", "blue", *NEW),
            "aggregate guns222222 counts losses of Redland; one of Blueland is not among",
        ),
        (("guns", "--type", "T-72", *NEW), "aggregate guns222222 counts D-30 and its variants; T-72 is not among them"),
        (
            ("guns", "--status", "captured", *NEW),
            "aggregate guns222222 counts what was destroyed; what was captured is not of it",
        ),
        (
            ("guns", "--date", "2020-10-21", *NEW[2:]),
            "aggregate guns222222 goes to 2020-10-20; what was lost on 2020-10-21 is not of it",
        ),
        (("guns", "--verified-by", "ben", *NEW), "--verified-by says who confirmed, disputed or rejected it; give"),
        (
            ("guns", "--verification", "rejected", *NEW),
            "aggregate guns222222 is claimed: with an item that is only rejected, fewer would",
        ),
        (("guns", "tank2", "--place", "x"), "the losses named are in the ledger already; leave --place out, or amend"),
        (("guns", "tank2"), "aggregate guns222222 counts D-30 and its variants; T-72B is not among them"),
        (("guns", "jeep"), "aggregate guns222222 counts losses of Redland; one of Blueland is not among them"),
        (("guns", "tank4"), "loss tank444444 is merged into tank222222, which counts in its place"),
        (("guns", "guns"), "an aggregate cannot be taken out of itself"),
        (("guns", "none"), "loss none222222 is an aggregate itself: only items can be taken out of one"),
        (("guns", "zzzz"), "no loss has the id 'zzzz'"),
    ],
)
def test_what_cannot_be_of_an_aggregate(run: Run, args: tuple[str, ...], said: str) -> None:
    screen(run("amend", "none", "--aggregate", "--reason", "a number"))
    before = run("audit", "--head").stdout
    result = run("itemise", *args)
    assert (result.exit_code in (1, 2), result.stdout) == (True, "")
    assert result.stderr.startswith(f"lossledger: {said}")
    assert run("audit", "--head").stdout == before


def test_a_claim_makes_no_confirmed_aggregate_smaller(run: Run) -> None:
    """Ten confirmed stay ten confirmed, whatever is claimed."""
    uid = run(*GUN).stdout.strip()
    screen(run("verify", "guns", "--reason", "pictures"))
    assert run("itemise", "guns", uid).stderr.startswith(
        "lossledger: aggregate guns222222 is confirmed: with an item that is only claimed"
    )
    screen(run("verify", uid, "--reason", "pictures"))
    screen(run("itemise", "guns", uid))
    assert counted(run) == "Redland 10, of which 1 itemised"


def test_a_side_under_the_aggregates_own_is_of_it(run: Run) -> None:
    uid = run("itemise", "guns", "--side", "Red North", *NEW).stdout.strip()
    assert told(run, uid)["side"] == "North Redland"


def test_a_dry_run_takes_nothing(run: Run) -> None:
    result = run("itemise", "guns", *NEW, "--dry-run")
    assert result.stderr.startswith("would record: aggregate guns222222: 10 -> 9; a new loss: 1 D-30 of Redland")
    assert (result.stdout, counted(run)) == ("", "Redland 10, of which 0 itemised")


def test_an_aggregate_of_a_heading_holds_what_stands_under_it(served: Run) -> None:
    """Five tanks of no known type are no armoured car; of what has no heading either, anything may be one."""
    given = ("--quantity", "5", "--aggregate", "--side", "red", "--source", "https://example.org/8")
    tanks, any_ = (served("add", *given, "--category", name).stdout.strip() for name in ("Tanks", "Type Not Given"))
    gun = served(*GUN).stdout.strip()
    refused = served("itemise", tanks, gun)
    assert (refused.exit_code, refused.stderr) == (
        2,
        f"lossledger: aggregate {tanks} counts Tanks; one of Towed Artillery is not among them\n",
    )
    assert served("itemise", any_, gun).exit_code == 0
