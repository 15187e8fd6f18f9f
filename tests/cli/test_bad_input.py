"""Bad input ends in one clear line and the right exit code, and the ledger stays as it was, byte for byte."""

import os
from pathlib import Path

import pytest

from lossledger.db.engine import open_engine
from lossledger.ledger import catalogue
from lossledger.ledger.journal import recording
from tests.cli.conftest import Run

ADD = ("add", "--side", "redland", "--type", "T-72B", "--source", "https://example.org/new")
WHY = ("--reason", "because")
SURROGATE = os.fsdecode(b"caf\xe9")

DAY_FORMS = "write 2020-10-08, 2020-10, 2020, 2020-10-05..2020-10-08, or ~2020-10-08 where it is inferred"
QUANTITY = "is no whole number from 1 to 1,000,000"
DEGREES = "is no LAT,LON in degrees; write 39.7581,46.7499"
STATUSES = "destroyed, damaged, abandoned, captured, lost"
DISPUTABLE = "side, captor, category, cause, date, name, place, quantity, status, type, unit"

OF_ADD = {
    "nothing at all": (
        ("add",),
        "missing: --side, --type, --source; a loss needs a side, a type or category, and a source",
    ),
    "no source": (ADD[:-2], "missing: --source; a loss needs a side, a type or category, and a source"),
    "unknown side": (
        (*ADD, "--side", "redlant"),
        "no side 'redlant'; did you mean Redland, North Redland? Or add it with: lossledger side add",
    ),
    "unknown type": (
        (*ADD, "--type", "T72BB"),
        "no type 'T72BB'; did you mean T-72B, T-72B3, T-72? Or add it with: lossledger type add",
    ),
    "unknown candidate": (
        (*ADD, "--type", "T-72B|Grizzly"),
        "no type 'Grizzly'; see: lossledger type list, or add it with: lossledger type add",
    ),
    "candidates apart": (
        (*ADD, "--type", "T-72B|D-30"),
        (
            "T-72B and D-30 are variants of no common type to count under; make one with: lossledger type add, and "
            "each its variant with: lossledger type change NAME --parent; or give the category without a type"
        ),
    ),
    "unknown category": (
        (*ADD, "--category", "Tansk"),
        "no category 'Tansk'; did you mean Tank? Or add it with: lossledger category add",
    ),
    "unknown conflict": (
        (*ADD, "--conflict", "hill war"),
        "no conflict 'hill war'; see: lossledger conflict list, or add it with: lossledger conflict add",
    ),
    "unknown feed": ((*ADD, "--feed", "a lost"), "no feed 'a lost'; did you mean A list? There are: a-list, own"),
    "unknown status": ((*ADD, "--status", "exploded"), f"status 'exploded' is not one of: {STATUSES}"),
    "recovered at once": ((*ADD, "--status", "recovered"), f"status 'recovered' is not one of: {STATUSES}"),
    "verified by nobody": (
        (*ADD, "--verified-by", "Ann"),
        "--verified-by says who confirmed, disputed or rejected it; give --verification, too",
    ),
    "a disputing report": (
        (*ADD, "--relation", "disputes"),
        "relation 'disputes' is not one of: reports, admits, confirms",
    ),
    "credibility 7": (
        (*ADD, "--credibility", "7"),
        (
            "credibility '7' is not one of: 1 (confirmed by other sources), 2 (probably true), 3 (possibly true), "
            "4 (doubtful), 5 (improbable), 6 (truth cannot be judged), or: not judged"
        ),
    ),
    "impossible day": ((*ADD, "--date", "2020-02-30"), f"'2020-02-30' is no day that can be read; {DAY_FORMS}"),
    "no day": ((*ADD, "--date", "yesterday"), f"'yesterday' is no day that can be read; {DAY_FORMS}"),
    "future day": ((*ADD, "--date", "2021-06-03"), "date 2021-06-03 lies in the future (today is 2021-06-02)"),
    "future end": (
        (*ADD, "--date", "2020-10-08..2099-01-01"),
        "date 2099-01-01 lies in the future (today is 2021-06-02)",
    ),
    "end before start": (
        (*ADD, "--date", "2020-10-08..2020-10-05"),
        f"'2020-10-08..2020-10-05' ends before it begins; {DAY_FORMS}",
    ),
    "future report": (
        (*ADD, "--reported", "2021-06-03"),
        "reported 2021-06-03 lies in the future (today is 2021-06-02)",
    ),
    "report of a month": ((*ADD, "--reported", "2020-10"), "'2020-10' is no day that can be read; write 2020-10-08"),
    "reported before": (
        (*ADD, "--date", "2020-10-08", "--reported", "2020-10-07"),
        "reported 2020-10-07, before it can have happened (2020-10-08)",
    ),
    "none": ((*ADD, "--quantity", "0"), f"quantity '0' {QUANTITY}"),
    "fewer than none": ((*ADD, "--quantity", "-5"), f"quantity '-5' {QUANTITY}"),
    "half of one": ((*ADD, "--quantity", "1.5"), f"quantity '1.5' {QUANTITY}"),
    "a million and one": ((*ADD, "--quantity", "1000001"), f"quantity '1000001' {QUANTITY}"),
    "10^400": ((*ADD, "--quantity", "1" + "0" * 400), f"quantity '1{'0' * 58}…' {QUANTITY}"),
    "10^5000": ((*ADD, "--quantity", "1" + "0" * 5000), f"quantity '1{'0' * 58}…' {QUANTITY}"),
    "not a number": ((*ADD, "--quantity", "nan"), f"quantity 'nan' {QUANTITY}"),
    "Arabic digits": ((*ADD, "--quantity", "٣"), f"quantity '٣' {QUANTITY}"),
    "one coordinate": ((*ADD, "--at", "40.1"), f"'40.1' {DEGREES}"),
    "NaN": ((*ADD, "--at", "nan,47"), f"'nan,47' {DEGREES}"),
    "infinite": ((*ADD, "--at", "40,inf"), f"'40,inf' {DEGREES}"),
    "1e1": ((*ADD, "--at", "4e1,47"), f"'4e1,47' {DEGREES}"),
    "too far north": ((*ADD, "--at", "90.1,47"), "latitude 90.1 is not between -90 and 90"),
    "too far west": ((*ADD, "--at", "40,-180.1"), "longitude -180.1 is not between -180 and 180"),
    "no link": ((*ADD, "--source", "example.org/1"), "source is no http or https link: 'example.org/1'"),
    "a file": ((*ADD, "--source", "file:///etc/passwd"), "source is no http or https link: 'file:///etc/passwd'"),
    "a space in a link": (
        (*ADD, "--source", "https://example.org/a b"),
        "source is no http or https link: 'https://example.org/a b'",
    ),
    "an escape in a place": (
        (*ADD, "--place", "a\x1b[31mred"),
        r"place holds a control character (U+001B) at character 2: 'a\x1b[31mred'",
    ),
    "two lines in a place": ((*ADD, "--place", "a\nb"), "place holds a line break (U+000A) at character 2: 'a⏎b'"),
    "a bell in a note": ((*ADD, "--note", "a\x07"), r"note holds a control character (U+0007) at character 2: 'a\x07'"),
    "a turn in a name": (
        (*ADD, "--name", "a\u202eb"),
        r"name holds a character that reorders text (U+202E) at character 2: 'a\u202eb'",
    ),
    "only spaces": ((*ADD, "--place", "  "), "place is empty"),
    "a surrogate in a note": (
        (*ADD, "--note", SURROGATE),
        r"note holds half of a surrogate pair (U+DCE9) at character 4: 'caf\udce9'",
    ),
    "a surrogate in a side": (
        (*ADD, "--side", SURROGATE),
        r"side holds half of a surrogate pair (U+DCE9) at character 4: 'caf\udce9'",
    ),
    "a surrogate in a type": (
        (*ADD, "--type", SURROGATE),
        r"type holds half of a surrogate pair (U+DCE9) at character 4: 'caf\udce9'",
    ),
    "a surrogate in a status": ((*ADD, "--status", SURROGATE), rf"status 'caf\udce9' is not one of: {STATUSES}"),
    "a surrogate in a date": ((*ADD, "--date", SURROGATE), rf"'caf\udce9' is no day that can be read; {DAY_FORMS}"),
    "a surrogate in a link": (
        (*ADD, "--source", f"https://example.org/{SURROGATE}"),
        r"source holds half of a surrogate pair (U+DCE9) at character 24: 'ps://example.org/caf\udce9'",
    ),
    "a surrogate in a tag": (
        (*ADD, "--tag", SURROGATE),
        r"tag holds half of a surrogate pair (U+DCE9) at character 4: 'caf\udce9'",
    ),
    "a surrogate in the reason": (
        (*ADD, "--reason", SURROGATE),
        r"reason holds half of a surrogate pair (U+DCE9) at character 4: 'caf\udce9'",
    ),
    "a long place": (
        (*ADD, "--place", "x" * 501),
        f"place is too long: 501 characters, at most 500: '{'x' * 59}…'",
    ),
    "a long note": (
        (*ADD, "--note", "x" * 20_001),
        f"note is too long: 20001 characters, at most 20000: '{'x' * 59}…'",
    ),
    "a long link": (
        (*ADD, "--source", "https://example.org/" + "x" * 4_000),
        f"source is too long: 4020 characters, at most 4000: 'https://example.org/{'x' * 39}…'",
    ),
}

OF_ACTS = {
    "amend nothing": (
        ("amend", "tank2", *WHY),
        "nothing to amend; give the fields that were wrong, such as --type or --date",
    ),
    "amend to the same": (
        ("amend", "tank2", "--type", "T-72B", *WHY),
        "loss tank222222 already says so; nothing to amend",
    ),
    "amend the side away": (("amend", "tank2", "--side", "", *WHY), "a loss cannot be without a side"),
    "amend half a merged group": (
        ("amend", "tank2", "--quantity", "2", *WHY),
        "loss tank222222 is merged with tank444444; unmerge them before you amend the quantity",
    ),
    "an empty reason": (("amend", "tank2", "--place", "x", "--reason", " "), "reason is empty"),
    "an event before the loss": (
        ("event", "tank2", "--status", "captured", "--date", "2020-10-07", *WHY),
        "event captured on 2020-10-07 lies before the loss itself (2020-10-08)",
    ),
    "an event to come": (
        ("event", "tank2", "--status", "captured", "--date", "2020-10-09..2022-01-01", *WHY),
        "date 2022-01-01 lies in the future (today is 2021-06-02)",
    ),
    "an event without an end": (
        ("event", "tank2", "--status", "captured", "--date", "2020-10-09..", *WHY),
        "an event needs a last day on which it can have happened",
    ),
    "an event that changes nothing": (
        ("event", "blue", "--status", "captured", "--date", "2020-10-12", *WHY),
        "event captured on 2020-10-12: the loss is captured already by then",
    ),
    "verify again": (("verify", "tank2", *WHY, "--by", "ann"), "loss tank222222 is confirmed already, by ann"),
    "verify too many": (
        ("verify", "guns", "--quantity", "11", *WHY),
        "loss guns222222 has 10: a part is from 1 to 9",
    ),
    "split all of it": (("split", "guns", "--quantity", "10", *WHY), "loss guns222222 has 10: a part is from 1 to 9"),
    "split what is merged": (
        ("split", "tank4", "--quantity", "1", *WHY),
        "loss tank444444 does not count now (withdrawn or merged); there is nothing to split",
    ),
    "merge with itself": (("merge", "blue", "blue", *WHY), "a loss cannot be merged into itself"),
    "merge unequal quantities": (
        ("merge", "tank3", "guns", *WHY),
        "loss tank333333 has 1, loss guns222222 has 10: only equal quantities merge; split the larger one first",
    ),
    "merge twice": (
        ("merge", "tank4", "tank3", *WHY),
        "loss tank444444 is merged into tank222222 already; unmerge it first",
    ),
    "unmerge what is not merged": (("unmerge", "tank3", *WHY), "loss tank333333 is not merged into another"),
    "reinstate what counts": (("reinstate", "tank3", *WHY), "loss tank333333 is not withdrawn"),
    "evidence without a source": (
        ("evidence", "add", "tank3", *WHY),
        "give a file, or name a source with --source: its link, or its id",
    ),
    "dispute an unknown field": (
        ("dispute", "tank3", "--field", "colour", "--source", "post", *WHY),
        f"cannot dispute 'colour'; choose one of: {DISPUTABLE}",
    ),
    "an empty note": (("note", "tank3", "", *WHY), "note is empty"),
    "a surrogate in a note": (
        ("note", "tank3", SURROGATE, *WHY),
        r"note holds half of a surrogate pair (U+DCE9) at character 4: 'caf\udce9'",
    ),
    "link to itself": (("link", "tank3", "tank3", *WHY), "a loss cannot be linked to itself"),
    "several ids begin so": (
        ("withdraw", "tank", *WHY),
        "several ids begin with 'tank': tank222222, tank333333, tank444444; give more letters",
    ),
    "redact unasked": (
        ("redact", "tank3", "--field", "note", *WHY),
        "what is redacted is gone for good; say that you are sure with --yes",
    ),
    "redact what counts rest on": (
        ("redact", "tank3", "--field", "quantity", "--yes", *WHY),
        "quantity cannot be redacted: the counts and the catalogue rest on it",
    ),
    "redact an unknown field": (
        ("redact", "tank3", "--field", "colour", "--yes", *WHY),
        "a loss has no field 'colour'",
    ),
    "a surrogate as actor": (
        ("--actor", SURROGATE, "withdraw", "tank3", *WHY),
        r"actor holds half of a surrogate pair (U+DCE9) at character 4: 'caf\udce9'",
    ),
}

NOT_FOUND = {
    "an unknown id": (("withdraw", "zzzz", *WHY), "no loss has the id 'zzzz'"),
    "no id": (("withdraw", "", *WHY), "no loss has the id ''"),
    "a surrogate as id": (("note", SURROGATE, "x", *WHY), r"no loss has the id 'caf\udce9'"),
    "a wild card": (("note", "tank%", "x", *WHY), "no loss has the id 'tank%'"),
    "an unknown source": ((*ADD, "--source", "zzzz"), "no source has the id 'zzzz'"),
    "the second id": (("merge", "tank3", "zzzz", *WHY), "no loss has the id 'zzzz'"),
    "nothing to undo": (("undo", *WHY), "tester has no act that could be undone"),
    "nothing to redact": (
        ("redact", "tank2", "--field", "unit", "--yes", *WHY),
        "no entry on loss tank222222 holds a text in unit",
    ),
}


def _cases() -> list[object]:
    tables = (("add", 2, OF_ADD), ("acts", 2, OF_ACTS), ("not found", 1, NOT_FOUND))
    return [
        pytest.param(args, code, line, id=f"{table}: {name}")
        for table, code, cases in tables
        for name, (args, line) in cases.items()
    ]


@pytest.mark.parametrize(("args", "code", "line"), _cases())
def test_bad_input(run: Run, ledger: Path, args: tuple[str, ...], code: int, line: str) -> None:
    before = ledger.read_bytes()
    result = run(*args)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"lossledger: {line}\n")
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("args", "missing"),
    [
        (("withdraw", "tank3"), "missing option '--reason'"),
        (("event", "tank3", "--date", "2020-11-01", *WHY), "missing option '--status'"),
        (("link", "tank3", *WHY), "missing argument 'ID'"),
        ((*ADD, "--colour", "red"), "no such option '--colour'"),
    ],
)
def test_wrong_use(run: Run, ledger: Path, args: tuple[str, ...], missing: str) -> None:
    before = ledger.read_bytes()
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"lossledger: {missing}")
    assert ledger.read_bytes() == before


def test_one_of_several_conflicts_must_be_named(run: Run, ledger: Path) -> None:
    engine = open_engine(f"sqlite:///{ledger}")
    with recording(engine, actor="clerk") as journal:
        catalogue.create(journal, "conflict", {"name": "Hill War"}, "hill")
        catalogue.create(journal, "side", {"conflict": "hill", "name": "Redland"}, "hill/redland")
    engine.dispose()
    result = run(*ADD)
    assert (result.exit_code, result.stderr) == (
        2,
        "lossledger: this ledger has several conflicts; choose with --conflict: hill, valley\n",
    )
    assert "of Redland" in run(*ADD, "--conflict", "hill").stderr
