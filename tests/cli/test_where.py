"""`list --where` and its kin: each filter gives what the same question to every loss in turn gives."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from lossledger.cli import where
from lossledger.core.names import fold
from lossledger.core.sameness import kilometres
from lossledger.queries import filters
from tests.cli.conftest import Run
from tests.cli.screens import screen

Loss = dict[str, Any]
"""A loss as `show` tells it to a program."""

NASTY = "100% of 'it' \"at\" the \\ ford: ?, $1 {x}"
ADD = ("add", "--side", "blue", "--source", "https://www.Example.org/3?a=b", "--publisher", "The Post")
MORE: list[tuple[str, ...]] = [
    (
        *ADD,
        "--type",
        "T-72B|T-72AV",
        "--place",
        NASTY,
        "--at",
        "0.5,179.9",
        "--tag",
        "seen,The bridge",
        "--unit",
        "10th",
    ),
    (
        *ADD,
        "--type",
        "T-72B3",
        "--place",
        "The Bridge",
        "--at",
        "0.5,-179.9",
        "--cause",
        "mine",
        "--unit",
        "10th",
        "--date",
        "2020-10",
    ),
    (*ADD, "--type", "D-30", "--at", "89.9,10", "--captor", "Redland", "--phrase", "burnt", "--quantity", "5"),
    ("withdraw", "jeep", "--reason", "another war"),
    ("split", "guns", "--quantity", "3", "--name", "No. 7", "--reason", "three are told"),
    ("dispute", "tank2", "--field", "type", "--says", "T-72B3", "--source", "list", "--reason", "the sight"),
]


def near(latitude: float, longitude: float, km: float) -> Callable[[Loss], bool]:
    def there(one: Loss) -> bool:
        return one["latitude"] is not None and kilometres(latitude, longitude, one["latitude"], one["longitude"]) <= km

    return there


def holds(name: str, text: str) -> Callable[[Loss], bool]:
    return lambda one: fold(text) in fold(one[name] or "")


def of_source(name: str, value: str | None) -> Callable[[Loss], bool]:
    return lambda one: any(piece["source"][name] == value for piece in one["evidence"])


def tanks(one: Loss) -> bool:
    return str(one["type"]).startswith("T-72")


ASKED: dict[tuple[str, ...], Callable[[Loss], bool]] = {
    ("side=redland",): lambda one: one["side"] in ("Redland", "North Redland"),
    ("side~RED",): lambda one: "Redland" in one["side"],
    ("type=t72b",): lambda one: one["type"] in ("T-72B", "T-72B3"),
    ("type~72",): tanks,
    ("!type",): lambda one: one["type"] is None,
    ("category=Guns",): lambda one: one["category"] == "Towed Artillery",
    ("category~artillery",): lambda one: one["category"] == "Towed Artillery",
    ("group=armoured",): tanks,
    ("feed=a-list",): lambda one: one["feed"] == "a-list",
    ("candidates",): lambda one: one["candidates"] is not None,
    ("candidates=T-72AV",): lambda one: "T-72AV" in (one["candidates"] or ""),
    ("candidates~av",): lambda one: "AV" in (one["candidates"] or ""),
    ("!candidates=T-72",): lambda one: one["candidates"] is None,
    ("quantity=3..9",): lambda one: 3 <= one["quantity"] <= 9,
    ("quantity=5",): lambda one: one["quantity"] == 5,
    ("quantity=..2",): lambda one: one["quantity"] <= 2,
    ("!quantity=2..",): lambda one: one["quantity"] < 2,
    ("counts=aggregate",): lambda one: one["counts"] == "aggregate",
    ("status=destroyed",): lambda one: one["status"] == "destroyed",
    ("outcome=captured",): lambda one: one["outcome"] == "captured",
    ("event=captured",): lambda one: len(one["trail"]) > 1,
    ("!event",): lambda one: len(one["trail"]) == 1,
    ("phrase~BURN",): holds("phrase", "burn"),
    ("cause=Mine",): holds("cause", "mine"),
    ("captor",): lambda one: one["captor"] is not None,
    ("name~no 7",): holds("name", "No. 7"),
    ("note~road",): holds("note", "road"),
    ("unit=10TH",): holds("unit", "10th"),
    ("tag=seen",): lambda one: "seen" in (one["tags"] or ""),
    ("tag~bridge",): lambda one: "bridge" in (one["tags"] or ""),
    ("place=the bridge",): lambda one: fold(one["place"] or "") == "thebridge",
    (f"place={NASTY}",): lambda one: one["place"] == NASTY,
    ("place~%",): lambda one: "%" in (one["place"] or ""),
    ("!place~bridge",): lambda one: "bridge" not in (one["place"] or "").lower(),
    ("place~bridge", "side=blue"): lambda one: one["place"] == "The Bridge",
    ("coordinates",): lambda one: one["latitude"] is not None,
    ("!coordinates",): lambda one: one["latitude"] is None,
    ("day=2020-10-05..2020-10-20",): lambda one: "2020-10-05" <= (one["day"] or "") <= "2020-10-20",
    ("!day",): lambda one: one["day"] is None,
    ("earliest=..2020-10-05",): lambda one: (one["earliest"] or "9") <= "2020-10-05",
    ("reported~2020-10",): lambda one: one["reported"] is not None,
    ("exact-day",): lambda one: one["earliest"] is not None and one["earliest"] == one["latest"],
    ("inferred",): lambda one: one["inferred"],
    ("verification=confirmed",): lambda one: one["verification"] == "confirmed",
    ("verified_by=Ann",): lambda one: one["verified_by"] == "ann",
    ("!verified_by",): lambda one: one["verified_by"] is None,
    ("host=example.org",): lambda _: True,
    ("!host=example.com",): lambda _: True,
    ("host~example",): lambda _: True,
    ("url~a=b",): of_source("publisher", "The Post"),
    ("publisher=the post",): of_source("publisher", "The Post"),
    ("author",): of_source("author", "@eyewitness"),
    ("title~losses in",): of_source("title", "Losses in the valley"),
    ("kind=blog",): of_source("kind", "blog"),
    ("reliability=B",): of_source("reliability", "B"),
    ("source=list",): of_source("id", "list222222"),
    ("relation=disputes",): lambda one: any(piece["relation"] == "disputes" for piece in one["evidence"]),
    ("disputed=type",): lambda one: any(piece["field"] == "type" for piece in one["evidence"]),
    ("!credibility",): lambda one: all(piece["credibility"] is None for piece in one["evidence"]),
    ("file",): lambda one: any(piece["source"]["files"] for piece in one["evidence"]),
    ("merged",): lambda one: one["merged_into"] is not None,
    ("merged_into=tank2",): lambda one: one["merged_into"] == "tank222222",
    ("split_from",): lambda one: one["split_from"] is not None,
    ("split_from=guns",): lambda one: one["split_from"] == "guns222222",
    ("withdrawn",): lambda one: one["withdrawn"],
    ("!withdrawn", "!merged"): lambda one: not one["withdrawn"] and not one["merged_into"],
    ("held",): lambda one: bool(one["held"]),
    ("gone",): lambda _: False,
}


def every(run: Run) -> list[Loss]:
    rows = json.loads(run("list", "--merged", "--withdrawn", "--format", "json").stdout)
    return [json.loads(run("show", row["id"], "--format", "json").stdout) for row in rows]


def listed(run: Run, *args: str) -> list[str]:
    result = run("list", *args, "--merged", "--withdrawn", "--format", "json")
    assert result.exit_code in (0, 1), result.stderr
    return [row["id"] for row in json.loads(result.stdout)]


@pytest.fixture
def more(served: Run) -> Run:
    """The small ledger with losses on the map, of open types, withdrawn, split, disputed; once on each engine."""
    for args in MORE:
        result = served(*args)
        assert result.exit_code == 0, result.stderr
    return served


def test_every_filter_gives_what_asking_each_loss_gives(more: Run) -> None:
    """Every field, equal and containing, there and not; several conditions all hold."""
    losses = every(more)
    for conditions, wanted in ASKED.items():
        args = [part for condition in conditions for part in ("--where", condition)]
        assert listed(more, *args) == [one["id"] for one in losses if wanted(one)], conditions


def test_a_circle_on_the_map(more: Run) -> None:
    """Across the meridian where the days change, over a pole, and all around."""
    losses = every(more)
    for circle in (
        (0.5, 179.95, 30.0),
        (0.5, -180.0, 12.0),
        (90.0, 0.0, 20.0),
        (89.95, -170.0, 50.0),
        (40.1, 47.05, 0.0),
    ):
        wanted = [one["id"] for one in losses if near(*circle)(one)]
        assert wanted, circle
        assert listed(more, "--near", ",".join(map(str, circle))) == wanted, circle
    assert len(listed(more, "--near", "0,0,20100")) == 4


def test_a_place_by_its_name(more: Run) -> None:
    assert listed(more, "--place", "BRIDGE", "--side", "red") == ["tank222222"]


def test_who_did_what_since_when(more: Run) -> None:
    """One and the same entry meets all three; an entry's number, a day or a time begins with itself."""
    assert listed(more, "--by", "tester", "--did", "withdraw") == ["jeep222222"]
    assert listed(more, "--by", "ann", "--did", "withdraw") == []
    assert listed(more, "--did", "merge") == ["tank444444"]
    assert listed(more, "--did", "dispute", "--changed-since", "2021-06-02") == ["tank222222"]
    assert listed(more, "--did", "dispute", "--changed-since", "2021-06-02T08:00:00.5Z") == []
    by_tester = listed(more, "--by", "tester")
    assert len(by_tester) == 7
    assert set(listed(more, "--changed-since", "2021-06-02")) == set(by_tester)
    last = json.loads(more("history", "tank2", "--format", "json").stdout)[-1]["number"]
    assert listed(more, "--changed-since", str(last)) == ["tank222222"]
    assert listed(more, "--changed-since", str(last + 1)) == []
    assert listed(more, "--changed-since", "2021-06-03") == []


def test_asking_for_what_is_left_out_lists_it(run: Run) -> None:
    """Merged and withdrawn losses need no option of their own when a condition asks for them."""
    screen(run("withdraw", "jeep", "--reason", "another war"))
    rows = [json.loads(run("list", "--where", name, "--format", "json").stdout) for name in ("merged", "withdrawn")]
    assert [[row["id"] for row in one] for one in rows] == [["tank444444"], ["jeep222222"]]


def test_the_caption_says_what_is_listed(run: Run) -> None:
    said = screen(run("list", "--where", "counts=aggregate", "--where", "!place", "--by", "ann"))
    assert said.endswith("\nOnly: counts=aggregate; !place; by ann.\n")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--where", "colour=red"), "no field 'colour'; "),
        (("--where", "plaec~x"), "no field 'plaec'; did you mean place? See: lossledger list --help"),
        (("--where", "type=T72BB"), "no type 'T72BB'; did you mean T-72B, T-72B3, T-72? "),
        (("--where", "quantity=many"), "quantity 'many' is no number or range; write 10, 10..20, 10.. or ..20"),
        (("--where", "quantity=.."), "quantity '..' is no number or range; "),
        (("--where", "day=soon"), "'soon' is no day that can be read; "),
        (("--where", "status=exploded"), "status 'exploded' is not one of: destroyed, damaged, "),
        (("--where", "coordinates=1"), "coordinates is there or it is not: write coordinates or !coordinates"),
        (("--where", "place~-"), "place~ needs a text to look for"),
        (("--where", "says.party=x"), "no stance 'says'; there are: reports, admits, confirms, disputes"),
        (("--where", "admits.place=x"), "no field 'place'; see: lossledger list --help"),
        (("--where", "sources~2"), "sources is a number: write sources=2.. or sources=1, not sources~2"),
        (("--where", "voices=few"), "voices 'few' is no number or range; write 10, 10..20, 10.. or ..20"),
        (
            ("--where", "reliability=G"),
            "reliability 'G' is not one of: A, B, C, D, E, F, A..B for at least B, not judged",
        ),
        (("--where", "credibility=2..6"), "credibility '2..6' is not one of: 1, 2, 3, 4, 5, 6, 1..2 for at least 2, "),
        (
            ("--where", "health=ill"),
            "health 'ill' is not one of: media, page, login, gone, unreachable, refused, never",
        ),
        (("--where", "file=tank.jpg"), "file 'tank.jpg' is no beginning of a SHA-256; a part of a name is "),
        (("--where", "place>x"), "'place>x' is no condition; write FIELD=VALUE, FIELD~TEXT, FIELD or !FIELD"),
        (("--near", "40,47"), "--near '40,47' is no point with a distance; write --near 39.7581,46.7499,5"),
        (("--near", "91,47,1"), "--near '91,47,1' is no point with a distance; "),
        (("--did", "explode"), "act 'explode' is not one of: report, amend, "),
        (("--changed-since", "soon"), "'soon' is no day that can be read; write an entry's number, a day "),
    ],
)
def test_what_cannot_be_asked(run: Run, args: tuple[str, str], said: str) -> None:
    result = run("list", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"lossledger: {said}"), result.stderr


def test_the_help_names_every_field() -> None:
    assert sorted(" ".join(where.FIELDS.values()).split()) == sorted(filters.FIELDS)
