"""``add``: what it takes, what it says, what then stands in the ledger."""

from pathlib import Path

import pytest

from lossledger.core.links import short_hash
from lossledger.db.engine import open_engine
from lossledger.ledger import catalogue
from lossledger.ledger.journal import recording
from tests.cli.conftest import Run
from tests.cli.looking import loss, newest_source, rows

SHORT = ("add", "--side", "redland", "--type", "T-72B", "--status", "destroyed", "--date", "2020-10-09")
LINK = ("--source", "https://example.org/new")


def test_the_short_form_enters_a_loss_with_a_new_source_and_prints_the_id_alone(run: Run, ledger: Path) -> None:
    result = run(*SHORT, *LINK)
    uid, source = result.stdout.strip(), newest_source(ledger)
    assert result.exit_code == 0
    assert result.stdout == f"{uid}\n"
    assert result.stderr == (
        f"loss {uid}: 1 T-72B of Redland, destroyed on 2020-10-09, claimed; source {source['uid']} (new)\n"
    )
    assert source["url"] == "https://example.org/new"
    assert loss(ledger, uid) == {
        "side": "valley/redland",
        "type": "t-72b",
        "category": "tanks",
        "feed": "own",
        "quantity": 1,
        "counts": "item",
        "status": "destroyed",
        "earliest": "2020-10-09",
        "latest": "2020-10-09",
        "verification": "claimed",
        "day": "2020-10-09",
        "span": 0,
        "outcome": "destroyed",
    }


def test_every_field_has_an_option(run: Run, ledger: Path) -> None:
    result = run(
        *("add", "--side", "Red North", "--type", "D-30", "--category", "Trucks, Vehicles, and Jeeps"),
        *("--quantity", "007", "--aggregate", "--status", "captured", "--phrase", "abandoned and captured"),
        *("--cause", "artillery", "--captor", "Others", "--name", "No. 231", "--fittings", "a cage"),
        *("--circumstance", "in retreat", "--date", "~2020-10", "--reported", "2020-10-20", "--place", "the ford"),
        *("--at", "+40.10, -47.050", "--unit", "5th Rifles", "--tag", "river, night", "--tag", "night"),
        *("--note", "One.\r\nTwo.", "--verification", "confirmed", "--verified-by", "The Counters"),
        *("--feed", "A list", "--feed-key", "231", "--conflict", "valley war", "--reason", "asked for"),
        *("--source", "post", "--relation", "admits", "--credibility", "2"),
    )
    assert result.exit_code == 0, result.stderr
    uid = result.stdout.strip()
    assert loss(ledger, uid) == {
        "side": "valley/redland-north",
        "type": "d-30",
        "category": "jeeps",
        "feed": "a-list",
        "feed_key": "231",
        "quantity": 7,
        "counts": "aggregate",
        "status": "captured",
        "phrase": "abandoned and captured",
        "cause": "artillery",
        "captor": "Others",
        "name": "No. 231",
        "fittings": "a cage",
        "circumstance": "in retreat",
        "earliest": "2020-10-01",
        "latest": "2020-10-31",
        "reported": "2020-10-20",
        "inferred": 1,
        "place": "the ford",
        "latitude": 40.1,
        "longitude": -47.05,
        "unit": "5th Rifles",
        "tags": '["river", "night"]',
        "note": "One.\nTwo.",
        "verification": "confirmed",
        "verified_by": "The Counters",
        "day": "2020-10-20",
        "span": 19,
        "outcome": "captured",
        "feed_hash": short_hash("231"),
    }
    [evidence] = rows(
        ledger, "select relation, credibility from evidence join loss on loss.id = loss_id where loss.uid=?", uid
    )
    assert evidence == {"relation": "admits", "credibility": "2"}


@pytest.mark.parametrize(
    ("given", "earliest", "latest", "inferred"),
    [
        ("2020-10-09", "2020-10-09", "2020-10-09", None),
        ("2020-10", "2020-10-01", "2020-10-31", None),
        ("2020", "2020-01-01", "2020-12-31", None),
        ("2020-10-05..2020-10-08", "2020-10-05", "2020-10-08", None),
        ("~2020-10-09", "2020-10-09", "2020-10-09", 1),
        ("2021", "2021-01-01", "2021-06-02", None),  # today: of a year that is not over, what there was of it
    ],
)
def test_dates(run: Run, ledger: Path, given: str, earliest: str, latest: str, inferred: int | None) -> None:
    uid = run("add", "--side", "red", "--type", "T-72", "--date", given, *LINK).stdout.strip()
    row = loss(ledger, uid)
    assert (row["earliest"], row["latest"], row.get("inferred")) == (earliest, latest, inferred)


def test_a_confirmed_loss_is_confirmed_by_the_actor(run: Run, ledger: Path) -> None:
    uid = run(*SHORT, *LINK, "--verification", "confirmed").stdout.strip()
    assert loss(ledger, uid)["verified_by"] == "tester"


def test_candidates_count_under_their_nearest_common_type(run: Run, ledger: Path) -> None:
    result = run("add", "--side", "red", "--type", "T-72B3|T-72AV", *LINK)
    uid = result.stdout.strip()
    assert result.stderr.startswith(f"loss {uid}: 1 T-72B3 or T-72AV of Redland, lost, day not given, claimed; ")
    row = loss(ledger, uid)
    assert (row["type"], row["candidates"]) == ("t-72", '["t-72b3", "t-72av"]')


def test_a_candidate_that_is_a_variant_of_the_other_counts_under_that(run: Run, ledger: Path) -> None:
    uid = run("add", "--side", "red", "--type", "T-72B | T-72B3", *LINK).stdout.strip()
    assert loss(ledger, uid)["type"] == "t-72b"


def test_an_alias_and_a_category_alone_will_do(run: Run, ledger: Path) -> None:
    uid = run("add", "--side", "blue", "--type", "frogfoot", *LINK).stdout.strip()
    assert loss(ledger, uid)["type"] == "su-25"
    uid = run("add", "--side", "blue", "--category", "no type", *LINK).stdout.strip()
    assert loss(ledger, uid)["category"] == "type-not-given"


def test_a_source_with_the_same_link_is_cited_and_left_as_it_is(run: Run, ledger: Path) -> None:
    result = run(
        *("add", "--side", "blue", "--type", "T-72", "--publisher", "Another"),
        *("--source", "HTTP://www.Example.org/post/#top"),
    )
    uid = result.stdout.strip()
    assert result.stderr == (
        f"loss {uid}: 1 T-72 of Blueland, lost, day not given, claimed; source post222222\n"
        "source post222222 is in the ledger already; what you say of it (publisher) was not entered\n"
        "looks like loss tank222222: same link\n"
        "looks like loss tank333333: same link\n"
        "looks like loss blue222222: same link\n"
        "and like others\n"
    )
    assert len(rows(ledger, "select uid from source")) == 2


def test_what_is_said_of_a_new_source_is_kept(run: Run, ledger: Path) -> None:
    result = run(
        *SHORT,
        *LINK,
        *("--publisher", "Valley Post", "--source-title", "A day's losses", "--author", "B. Writer"),
        *("--party", "Blueland's ministry", "--source-date", "2020-10-11", "--source-kind", "press"),
        *("--reliability", "B"),
    )
    assert result.exit_code == 0
    source = newest_source(ledger)
    assert {name: source[name] for name in source if name not in ("id", "uid", "url_key")} == {
        "url": "https://example.org/new",
        "publisher": "Valley Post",
        "title": "A day's losses",
        "author": "B. Writer",
        "party": "Blueland's ministry",
        "earliest": "2020-10-11",
        "latest": "2020-10-11",
        "kind": "press",
        "reliability": "B",
    }


def test_what_looks_like_it_is_named_and_it_is_entered_all_the_same(run: Run, ledger: Path) -> None:
    alike = ("add", "--side", "red", "--type", "T-72B", "--date", "2020-10-08")
    first = run(*alike, *LINK)
    assert first.stderr.splitlines()[1:] == [
        "looks like loss tank222222: same side, type and day",
        "looks like loss tank444444: same side, type and day",
    ]
    second = run(*alike, *LINK)
    assert second.stderr.splitlines()[1:] == [
        f"looks like loss {first.stdout.strip()}: same link, side, type and day",
        "looks like loss tank222222: same side, type and day",
        "looks like loss tank444444: same side, type and day",
    ]
    assert second.stdout.strip() != first.stdout.strip()


def test_a_withdrawn_loss_is_nothing_to_look_like(run: Run) -> None:
    for uid in ("tank222222", "tank444444"):
        assert run("withdraw", uid, "--reason", "wrong war").exit_code == 0
    result = run("add", "--side", "red", "--type", "T-72B", "--date", "2020-10-08", *LINK)
    assert len(result.stderr.splitlines()) == 1


def test_a_dry_run_shows_everything_and_writes_nothing(run: Run, ledger: Path) -> None:
    before = ledger.read_bytes()
    result = run(*SHORT, *LINK, "--place", "the ford", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert [line for line in result.stderr.splitlines() if not line.startswith("would record: ")] == [
        "  feed: Own entries",
        "  side: Redland",
        "  type: T-72B",
        "  category: Tanks",
        "  quantity: 1",
        "  counts: item",
        "  status: destroyed",
        "  date: 2020-10-09",
        "  place: 'the ford'",
        "  verification: claimed",
    ]
    assert result.stderr.startswith("would record: loss (new): 1 T-72B of Redland, destroyed on 2020-10-09, claimed; ")
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    "note",
    [
        "[bold]brackets[/bold] and [red",
        "\"double\", 'single', `back` and “typographic” quotes",
        "Ստեփանակերտ · Şuşa · Степанакерт · حصار · 山 · 🪖",
        "=1+1",
        "x" * 20_000,
    ],
)
def test_texts_are_taken_as_they_are(run: Run, ledger: Path, note: str) -> None:
    result = run(*SHORT, *LINK, "--note", note)
    assert result.exit_code == 0
    assert loss(ledger, result.stdout.strip())["note"] == note


def test_text_is_composed_so_that_it_compares(run: Run, ledger: Path) -> None:
    uid = run(*SHORT, *LINK, "--place", "S\u0327us\u0327a").stdout.strip()
    assert loss(ledger, uid)["place"] == "Şuşa"


def test_an_empty_option_is_not_given(run: Run, ledger: Path) -> None:
    uid = run(*SHORT, *LINK, "--place", "", "--tag", "", "--at", "").stdout.strip()
    assert "place" not in loss(ledger, uid)


def test_one_feed_gives_a_key_once(run: Run) -> None:
    first = run(*SHORT, *LINK, "--feed", "a list", "--feed-key", "231").stdout.strip()
    again = run(*SHORT, *LINK, "--feed", "a list", "--feed-key", "231")
    assert (again.exit_code, again.stderr) == (2, f"lossledger: feed a-list has the key '231' already: loss {first}\n")


def test_on_each_engine(served: Run) -> None:
    first = served(*SHORT, *LINK, "--at", "40.1,47.05", "--tag", "a,b")
    assert first.exit_code == 0, first.stderr
    again = served(*SHORT, *LINK)
    assert again.stderr.splitlines()[1:] == [f"looks like loss {first.stdout.strip()}: same link, side, type and day"]
    assert served("undo", "--reason", "twice").exit_code == 0


def test_what_was_merged_away_gives_what_it_was_merged_into(run: Run, ledger: Path) -> None:
    engine = open_engine(f"sqlite:///{ledger}")
    with recording(engine, actor="clerk") as journal:
        catalogue.merge(journal, "type", "t-72b3", "t-72b")
        catalogue.merge(journal, "type", "t-72b", "t-72")
        catalogue.merge(journal, "source", "post222222", "list222222")
    engine.dispose()
    result = run("add", "--side", "red", "--type", "t-72b3", "--source", "https://example.org/post")
    uid = result.stdout.strip()
    assert result.stderr.splitlines()[0] == (
        f"loss {uid}: 1 T-72 of Redland, lost, day not given, claimed; source list222222"
    )
