"""``cite`` as a user sees it: whole citations, and what other programs ask of them."""

import json
import re

import pytest

from lossledger import __version__
from tests.cli.conftest import Run

TEXT = (
    "Documented losses: Valley War. All days. Confirmed only. Redland 2, of which 2 itemised; Blueland 2, of which 2 "
    "itemised. Redland with North Redland. Head 32:SHORT, recorded 2021-06-01. Counted with lossledger VERSION. "
    "Accessed 2021-06-02.\n"
)

NARROWED = (
    "Valley Watch e.V. Documented losses: Valley War, Redland. Losses in the valley. As of 2020-10-31. Confirmed and "
    "claimed. Redland 2, of which 2 itemised. Redland with North Redland. Only: Tanks. Release Spring 2021, head "
    "35:SHORT, recorded 2021-06-02. Counted with lossledger VERSION. Accessed 2021-06-02. https://example.org/valley\n"
)

BIBTEX = r"""@misc{valley-35,
  title = {{Documented losses: Valley War}},
  author = {{M{\"{u}}ller \& S{\o}n, 100\% \textbraceleft{}own\textbraceright{}\_\#\$\textasciitilde{}\textbackslash{}}},
  howpublished = {Verluste im Tal},
  year = {2021},
  month = {6},
  note = {All days. Confirmed only. Redland 2, of which 2 itemised; Blueland 2, of which 2 itemised. Redland with North Redland. Head 35:HASH, recorded 2021-06-02. Counted with lossledger VERSION.},
  url = {https://example.org/a%7Bb%7D?x=1&y=%20_},
  urldate = {2021-06-02},
}
"""  # noqa: E501 - as it is written


def head(run: Run) -> str:
    """The hash of the last entry."""
    return str(json.loads(run("info", "--format", "json").stdout)["head"]).split(":")[1]


def meant(expected: str, hash_: str) -> str:
    """A whole citation, with what differs from version to version filled in."""
    return expected.replace("SHORT", hash_[:12]).replace("HASH", hash_).replace("VERSION", __version__)


def publish(run: Run, publisher: str, title: str, url: str) -> None:
    """Say who publishes the list, and where."""
    for name, value in (("publisher", publisher), ("title", title), ("url", url)):
        assert run("setting", f"site.{name}", value, "--reason", "we publish").exit_code == 0


def test_a_citation_as_text(served: Run) -> None:
    assert served("cite").stdout == meant(TEXT, head(served))


def test_a_release_is_cited_with_its_filters(run: Run) -> None:
    """What is recorded afterwards changes nothing of it."""
    publish(run, "Valley Watch e.V.", "Losses in the valley", "https://example.org/valley")
    hash_ = head(run)
    run("release", "create", "Spring 2021", "--verification", "confirmed,claimed")
    run("withdraw", "tank2", "--reason", "a mistake")
    options = ("--side", "Red", "--category", "tanks", "--as-of", "2020-10-31")
    assert run("cite", "--release", "spring-2021", *options).stdout == meant(NARROWED, hash_)


def test_what_was_withdrawn_is_cited_as_such(run: Run) -> None:
    """In every form: whoever cites it need not know why, and has to say that it is."""
    run("release", "create", "Spring 2021")
    run("release", "withdraw", "spring-2021", "--reason", "a list was in it twice")
    text, bibtex, csl = (
        run("cite", "--release", "spring-2021", "--format", form).stdout for form in ("text", "bibtex", "csl-json")
    )
    assert "Release Spring 2021, withdrawn on 2021-06-02, not to be used any more, head 32:" in text
    assert "\n  pubstate = {withdrawn},\n" in bibtex
    assert "Release Spring 2021, withdrawn on 2021-06-02, not to be used any more, head 32:" in bibtex
    [item] = json.loads(csl)
    assert item["status"] == "withdrawn"
    assert "Release Spring 2021, withdrawn on 2021-06-02, not to be used any more, head 32:" in item["note"]
    assert "twice" not in text + bibtex + csl


def test_a_citation_as_bibtex(run: Run) -> None:
    """No sign is a command, and no brace ends a field early."""
    publish(run, "Müller & Søn, 100% {own}_#$~\\", "Verluste im Tal", "https://example.org/a{b}?x=1&y=%20_")
    assert run("cite", "--format", "bibtex").stdout == meant(BIBTEX, head(run))


def test_a_citation_as_csl_json(run: Run) -> None:
    """With the lists that were counted credited, and each feed by itself."""
    run("unmerge", "tank4", "--reason", "look again")
    run("verify", "tank4", "--reason", "seen")
    publish(run, "Valley Watch", "Losses in the valley", "https://example.org/valley")
    hash_ = head(run)
    [item] = json.loads(run("cite", "--format", "csl-json", "--side", "redland").stdout)
    assert re.fullmatch("valley-37-[0-9a-f]{8}", item.pop("id"))
    day = {"date-parts": [[2021, 6, 2]]}
    assert item == {
        "type": "dataset",
        "title": "Documented losses: Valley War, Redland",
        "author": [{"literal": "Valley Watch"}],
        "container-title": "Losses in the valley",
        "publisher": "Valley Watch",
        "issued": day,
        "accessed": day,
        "version": "entry 37",
        "note": meant(
            "All days. Confirmed only: Redland 1 in feed a-list; Redland 2 in feed own. Redland with North Redland. "
            "Head 37:HASH, recorded 2021-06-02. Counted from: The Counters, A list (CC BY 4.0). "
            "Counted with lossledger VERSION.",
            hash_,
        ),
        "URL": "https://example.org/valley",
    }


def test_every_scope_has_a_key_of_its_own(run: Run) -> None:
    """In one file of references none repeats, and the same scope has the same key whichever way it is asked for."""
    scopes = (
        ("--side", "redland"),
        ("--side", "redland", "--own"),
        ("--as-of", "2020-10-31"),
        ("--verification", "claimed"),
        ("--category", "tanks,jeeps"),
        ("--joined",),
        (),
    )
    found = [run("cite", "--format", "bibtex", *scope).stdout.partition(",")[0] for scope in scopes]
    assert len(set(found)) == len(scopes)
    assert found[-1] == "@misc{valley-32"
    assert all(re.fullmatch(r"@misc\{valley-32-[0-9a-f]{8}", key) for key in found[:-1])
    turned = ("--category", "jeeps", "--category", "tanks", "--verification", "confirmed")
    assert run("cite", "--format", "bibtex", *turned).stdout.startswith(f"{found[4]},")
    [item] = json.loads(run("cite", "--format", "csl-json", "--side", "red").stdout)
    assert found[0] == f"@misc{{{item['id']}"


def test_the_head_that_is_cited_is_one_that_the_audit_takes(run: Run) -> None:
    found = re.search(r"Head (\d+:[0-9a-f]{64}),", run("cite", "--format", "bibtex").stdout)
    assert found
    run("note", "tank2", "one more", "--reason", "for later")
    assert run("audit", "--expect-head", found[1]).exit_code == 0


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("cite", "--release", "none"), "no release 'none'; make it with: lossledger release create"),
        (("cite", "--known-on", "99"), "--known-on 99: the ledger's last entry is 32"),
        (("setting", "site.url", "example", "--reason", "r"), "setting site.url is no http or https link: 'example'"),
    ],
)
def test_what_cannot_be_ends_in_one_line(run: Run, args: tuple[str, ...], line: str) -> None:
    result = run(*args)
    assert (result.exit_code > 0, result.stdout, result.stderr) == (True, "", f"lossledger: {line}\n")
