import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from tests.cli.conftest import Run, runner

MANIFEST = ".lossledger-site.json"


class Page(HTMLParser):
    """What a test asks of a page: its links with their attributes, its ids, its tags, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []
        self.sources: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes += given
        if tag == "a":
            self.links.append(given)
        self.sources += [str(given[name]) for name in ("src", "data-places") if name in given]
        self.sources += [str(given["href"])] if tag == "link" else []
        self.ids += [str(given["id"])] if given.get("id") else []

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def page(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def said(text: str) -> str:
    return " ".join(Page(text).text.split())


def counts(stderr: str) -> list[int]:
    """How many files were new, changed, unchanged and removed, as the command says."""
    found = re.search(r"([\d,]+) files? new, ([\d,]+) changed, ([\d,]+) unchanged(?:, ([\d,]+) removed)?", stderr)
    assert found, stderr
    return [int((number or "0").replace(",", "")) for number in found.groups()]


@pytest.fixture
def site(run: Run, tmp_path: Path) -> Path:
    """The site of the small ledger."""
    assert run("publish", str(tmp_path / "site")).exit_code == 0
    return tmp_path / "site"


def test_headline_figures_are_those_of_a_tally(served: Run, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert served("publish", str(site)).exit_code == 0
    cells = json.loads(served("tally", "--by", "side,status", "--format", "json").stdout)
    sums: dict[str, dict[str, int]] = {}
    for cell in cells:
        side = "redland" if "Red" in cell["side"] else cell["side"].lower()
        sums.setdefault(side, {})
        sums[side][cell["status"]] = sums[side].get(cell["status"], 0) + cell["quantity"]

    found = {}
    for side, article in re.findall(
        r'<article class="side [^"]*" data-side="(\w+)">(.*?)</article>', page(site, "index.html"), re.DOTALL
    ):
        total = int(re.search(r'class="figure"><data value="(\d+)"', article)[1])  # type: ignore[index]
        statuses = {word: int(number) for word, number in re.findall(r'status (\w+)"><data value="(\d+)"', article)}
        assert total == sum(statuses.values())
        found[side] = statuses

    assert found == sums


def test_what_stands_beside_a_figure(site: Path) -> None:
    articles = re.findall(r"<article.*?</article>", page(site, "index.html"), re.DOTALL)

    assert [said(one) for one in articles] == [
        (
            "Redland 2 documented losses with North Redland 1 destroyed 1 captured itemised 2 waiting: claimed, not "
            "confirmed 10 disputed, not counted 0 undated 0 day inferred 0 without coordinates 1"
        ),
        (
            "Blueland 2 documented losses 1 abandoned 1 captured itemised 2 waiting: claimed, not confirmed 3 "
            "disputed, not counted 0 undated 1 day inferred 0 without coordinates 2"
        ),
    ]


def test_every_loss_has_an_address(site: Path) -> None:
    assert sorted(path.stem for path in (site / "loss").iterdir()) == [
        "blue222222",
        "guns222222",
        "jeep222222",
        "none222222",
        "tank222222",
        "tank333333",
        "tank444444",
    ]
    assert 'The same as <a href="tank222222.html">tank222222</a>, into which it was merged.' in page(
        site, "loss/tank444444.html"
    )
    assert "Claimed. It is not counted." in page(site, "loss/guns222222.html")
    assert "Merged into it tank444444" in said(page(site, "loss/tank222222.html"))


def test_a_loss_tells_its_history(run: Run, tmp_path: Path) -> None:
    run("setting", "public.actors", "handles", "--reason", "they agreed")
    run("setting", "public.notes", "in", "--reason", "they agreed")
    run("--actor", "ben", "amend", "tank222222", "--type", "T-72B3", "--reason", "the turret shows it")
    run("--actor", "ben", "withdraw", "tank222222", "--reason", "another war")
    run("publish", str(tmp_path / "site"))

    text = page(tmp_path / "site", "loss/tank222222.html")
    history = text[text.index('<ol class="history">') : text.index("</ol>", text.index('<ol class="history">'))]
    assert said(history) == (
        "1 Jun 2021 Entered, confirmed by ann "
        "2 Jun 2021 Corrected by ben the turret shows it type: T-72B → T-72B3 "
        "2 Jun 2021 Withdrawn by ben another war"
    )
    assert "Withdrawn on 2 Jun 2021 : another war. It does not count." in said(text)


WHEN = {
    "2021-03-05": ("2021-03-05", "2021-03-05", "5 Mar 2021"),
    "2021-02": ("2021-02", "2021-02", "28 Feb 2021 , the last day on which it can have been"),
    "..2021-03-05": ("by 2021-03-05", "by 2021-03-05", "5 Mar 2021 , the last day on which it can have been"),
    "~2020": ("2020*", "2020, inferred", "31 Dec 2020 , the last day on which it can have been"),
}
"""Of days as they are entered: how the list of items, and the page of a loss, say when it was; the day that counts."""


def test_days_are_said_as_they_are_known(run: Run, tmp_path: Path) -> None:
    """What is known to the month or the year is never shown as its last day alone, and files say all there is."""
    uids = {}
    for date in WHEN:
        options = ("--side", "redland", "--type", "T-72B", "--date", date, "--source", "https://example.org/new")
        uids[date] = run("add", *options, "--verification", "confirmed", "--at", "39.5,46.5").stdout.strip()
    site = tmp_path / "site"
    run("publish", str(site))

    script = page(site, "data/items-tanks.js")
    items = json.loads(script.removeprefix("lossledger.items(").removesuffix(");\n"))
    at = {items["uid"][place * 10 : place * 10 + 10]: place for place in range(items["count"])}
    for date, (listed, told, counted) in WHEN.items():
        place = at[uids[date]]
        span = items["spans"][items["span"][place]] or date
        assert f"{span}{'*' if items['inferred'][place] else ''}" == listed
        text = said(page(site, f"loss/{uids[date]}.html"))
        assert f"Happened {told} Counted on {counted} " in text

    rows = {row["id"]: row for row in csv.DictReader(page(site, "downloads/tanks.csv").splitlines())}
    days = ("day", "earliest", "latest", "reported", "day_inferred")
    assert [[rows[uid][name] for name in days] for uid in uids.values()] == [
        ["2021-03-05", "2021-03-05", "2021-03-05", "", "false"],
        ["2021-02-28", "2021-02-01", "2021-02-28", "", "false"],
        ["2021-03-05", "", "2021-03-05", "", "false"],
        ["2020-12-31", "2020-01-01", "2020-12-31", "", "true"],
    ]
    places = json.loads(page(site, "data/places.js").removeprefix("lossledger.places(").removesuffix(");\n"))
    assert places["day"] == ["2020-10", "5 Mar 2021", "2021-02", "by 2021-03-05", "2020, inferred"]


def test_the_same_again_writes_nothing(run: Run, site: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file() and path.name != MANIFEST}

    new, changed, unchanged, removed = counts(run("publish", str(site)).stderr)

    assert (new, changed, removed) == (0, 0, 0)
    assert unchanged == len(before)
    assert {path: path.stat().st_mtime_ns for path in before} == before


ACTS: dict[str, list[list[str]]] = {
    "nothing": [],
    "amended": [["amend", "tank222222", "--place", "the ford"]],
    "under another heading": [["amend", "jeep222222", "--type", "Su-25"]],
    "of another side": [["amend", "tank222222", "--side", "Blueland"]],
    "confirmed": [["verify", "none222222"]],
    "what became of it": [["event", "jeep222222", "--status", "recovered", "--date", "2020-11-01"]],
    "merged": [["merge", "tank333333", "tank222222"]],
    "unmerged": [["unmerge", "tank444444"]],
    "withdrawn, and another stands in": [["withdraw", "tank222222"]],
    "taken back": [["withdraw", "jeep222222"], ["undo"]],
    "split": [["split", "guns222222", "--quantity", "3"]],
    "a source": [["source", "change", "post222222", "--title", "A post"]],
    "a type's name": [["type", "rename", "T-72B", "T-72B obr. 1989"]],
    "a type's heading": [["type", "change", "T-72B", "--category", "Aircraft"]],
    "redacted": [["redact", "tank222222", "--field", "place"]],
    "a setting": [["setting", "public.coordinates", "0"]],
    "rejected": [["verify", "blue222222", "--as", "rejected"], ["verify", "tank333333", "--as", "disputed"]],
    "a new loss": [["add", "--side", "Blueland", "--type", "D-30", "--status", "destroyed", "--source", "post222222"]],
}


@pytest.mark.parametrize("acts", ACTS.values(), ids=ACTS)
def test_only_what_changed_is_written_again_and_nothing_is_forgotten(
    run: Run, site: Path, tmp_path: Path, acts: list[list[str]]
) -> None:
    for act in acts:
        reason = [] if act[0] == "add" else ["--reason", "as the test wants it"]
        yes = ["--yes"] if act[0] == "redact" else []
        result = run(*act, *reason, *yes)
        assert result.exit_code == 0, result.stderr

    run("publish", str(site))
    run("publish", str(tmp_path / "anew"))

    told = {path: content for path, content in contents(site).items() if b"<h1>Elsewhere now</h1>" not in content}
    assert told == contents(tmp_path / "anew")


def test_few_pages_are_written_after_a_small_change(run: Run, site: Path) -> None:
    times = {path: path.stat().st_mtime_ns for path in (site / "loss").iterdir()}
    run("amend", "tank222222", "--place", "the ford", "--reason", "seen on the map")

    run("publish", str(site))

    assert [path.name for path in times if path.stat().st_mtime_ns != times[path]] == ["tank222222.html"]
    assert "the ford" in page(site, "loss/tank222222.html")


def test_a_page_that_somebody_took_away_comes_back(run: Run, site: Path) -> None:
    before = contents(site)
    (site / "loss" / "tank222222.html").unlink()
    (site / "category" / "tanks.html").unlink()

    run("publish", str(site))

    assert contents(site) == before


def test_what_was_cut_off_is_written_to_its_end(run: Run, site: Path) -> None:
    before = contents(site)
    manifest = json.loads((site / MANIFEST).read_text(encoding="utf-8"))
    (site / MANIFEST).write_text(json.dumps(manifest | {"made": {}}), encoding="utf-8")
    (site / "index.html").write_text("of a state that was never finished", encoding="utf-8")

    assert counts(run("publish", str(site)).stderr)[:2] == [0, 1]
    assert contents(site) == before


def test_a_folder_of_other_things_is_left_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")

    refused = run("publish", str(folder))

    assert refused.exit_code == 2
    assert refused.stderr == (
        f"lossledger: {folder} holds files and no site; choose another folder, or write among them with --force\n"
    )
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_no_file_of_others_is_written_over(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "loss").mkdir(parents=True)
    for name in ("index.html", "loss/tank222222.html", "notes.html", "loss/notes.txt"):
        (folder / name).write_text("mine", encoding="utf-8")
    before = contents(folder)

    refused = run("publish", str(folder), "--force")

    assert (refused.exit_code, refused.stderr) == (
        2,
        (
            f"lossledger: {folder} holds 2 files where a site's own would go, and no site: index.html, "
            "loss/tank222222.html; move them away, or choose another folder\n"
        ),
    )
    assert contents(folder) == before


def test_every_file_of_a_site_may_be_in_the_way(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run("publish", str(site), "--downloads")
    (site / MANIFEST).unlink()

    assert f" holds {len(contents(site))} files where " in run("publish", str(site), "--force").stderr


@pytest.mark.parametrize("name", ["", " "])
def test_a_folder_has_a_name(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    refused = run("publish", name)

    assert (refused.exit_code, refused.stderr) == (
        2,
        "lossledger: DIR is empty; name the folder that the site goes to, . for this one\n",
    )
    assert not list((tmp_path / "here").iterdir())


def test_nothing_is_removed_but_what_was_written_here(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    run("publish", str(folder), "--force")
    (folder / "loss" / "notes.txt").write_text("mine, too", encoding="utf-8")
    assert (folder / "downloads" / "jeeps.csv").exists()
    run("amend", "jeep222222", "--type", "Su-25", "--reason", "it flies")

    assert counts(run("publish", str(folder)).stderr)[3] > 0

    assert not (folder / "downloads" / "jeeps.csv").exists()
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (folder / "loss" / "notes.txt").read_text(encoding="utf-8") == "mine, too"


@pytest.mark.parametrize("path", ["../notes.txt", "/etc/passwd", "loss/../../notes.txt"])
def test_a_manifest_leads_to_no_file_outside(run: Run, site: Path, path: str) -> None:
    manifest = json.loads((site / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][path] = "0000000000000000"
    (site / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (site.parent / "notes.txt").write_text("mine", encoding="utf-8")

    assert run("publish", str(site)).exit_code == 3
    assert (site.parent / "notes.txt").exists()


def test_every_link_leads_somewhere(site: Path) -> None:
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    broken = []
    for path, found in pages.items():
        for address in [*(str(link["href"]) for link in found.links), *found.sources]:
            parts = urlsplit(address)
            if parts.scheme or path.name == "404.html":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = parts.fragment in pages[target].ids if target in pages and parts.fragment else target.is_file()
            if not known and target.name != "items.html":
                broken.append((path.name, address))

    assert not broken


def test_every_page_has_its_policy_and_keeps_it(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found = Page(text)
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in text, path
        assert found.tags.count("h1") == 1, path
        assert found.tags.count("main") == 1, path
        assert "style" not in found.tags, path
        assert not [name for name in found.attributes if name == "style" or name.startswith("on")], path
        assert len(found.ids) == len(set(found.ids)), path
        assert not re.search(r"<script(?![^>]* src=)", text), path


def test_what_comes_from_outside_does_nothing(run: Run, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    run("type", "add", evil, "--category", "Tanks", "--reason", "mischief")
    run("amend", "tank222222", "--type", evil, "--place", '"><img src=x onerror=alert(1)>', "--reason", evil)
    config = tmp_path / "site.toml"
    config.write_text(f"title = '{evil}'\nintro = '{evil}'\nlicence = '{evil}'\n", encoding="utf-8")
    assert run("publish", str(tmp_path / "site"), "--config", str(config)).exit_code == 0

    for path in (tmp_path / "site").rglob("*"):
        if path.suffix in (".html", ".xml", ".svg"):
            text = path.read_text(encoding="utf-8")
            assert "<script>" not in text, path
            assert "<img" not in text, path


def test_names_from_right_to_left_move_nothing_beside_them(run: Run, tmp_path: Path) -> None:
    """In texts, titles, charts and on the map."""
    name = "جمهورية العربية"
    run("side", "rename", "redland", name, "--reason", "they call themselves so")
    run("amend", "tank222222", "--at", "39.5,46.5", "--reason", "found")
    site = tmp_path / "site"
    run("publish", str(site))

    bare = re.compile(f"(?<!\u2068){name}|{name}(?!\u2069)")
    for path in ("index.html", "map.html", "loss/tank222222.html", "category/tanks.html", "charts/running-total.svg"):
        if (site / path).exists():
            assert name in page(site, path)
            assert not bare.search(re.sub(r' data-note="[^"]*"| aria-label="[^"]*"', "", page(site, path))), path


def test_a_link_that_runs_something_is_shown_as_text() -> None:
    from lossledger.publish.looks import link

    assert link("javascript:alert(1)") == "javascript:alert(1)"
    assert link("data:text/html,<script>") == "data:text/html,&lt;script&gt;"
    assert link("https://") == "https://"
    assert link('https://example.org/"onclick="x') == (
        '<a href="https://example.org/&#34;onclick=&#34;x" rel="noopener nofollow">https://example.org/&#34;onclick=&#34;x</a>'
    )


SECRETS = ("40.123456", "47.054321", "handle-secret", "note-secret", "redacted-secret", "post-secret", "reason-secret")


def test_what_the_public_view_hides_is_in_no_byte(served: Run, tmp_path: Path) -> None:
    def act(*line: str) -> None:
        result = served("--actor", "handle-secret", *line)
        assert result.exit_code == 0, result.stderr

    act("amend", "tank222222", "--at", "40.123456,47.054321", "--reason", "reason-secret")
    act("amend", "jeep222222", "--place", "redacted-secret", "--note", "note-secret", "--reason", "reason-secret")
    act("note", "jeep222222", "note-secret", "--reason", "reason-secret")
    act("verify", "none222222", "--reason", "reason-secret")
    act("inbox", "add", "https://example.org/post-secret")
    site = tmp_path / "site"
    served("publish", str(site))
    assert "redacted-secret" in page(site, "loss/jeep222222.html")
    act("redact", "jeep222222", "--field", "place", "--reason", "reason-secret", "--yes")
    served("publish", str(site))

    found = [
        (path.name, secret)
        for path in site.rglob("*")
        if path.is_file()
        for secret in SECRETS
        if secret.encode() in path.read_bytes()
    ]
    assert not found
    assert "40.12, 47.05" in page(site, "loss/tank222222.html")


def test_the_feed_is_valid_atom(run: Run, site: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    run("amend", "tank222222", "--place", "the ford", "--reason", "seen on the map")
    run("publish", str(site))
    feed = ET.fromstring(page(site, "feed.xml"))

    assert feed.tag == f"{atom}feed"
    entries = feed.findall(f"{atom}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert (element.findtext(f"{atom}{name}") or "").strip(), name
    ids = [entry.findtext(f"{atom}id") for entry in entries]
    assert len(ids) == len(set(ids)) > 0
    assert feed.findtext(f"{atom}author/{atom}name") == "Documented losses: Valley War"
    assert [entry.findtext(f"{atom}title") for entry in entries][:2] == [
        "Corrected: loss tank222222",
        "Merged: loss tank444444",
    ]
    assert feed.findtext(f"{atom}updated") == entries[0].findtext(f"{atom}updated")


def test_corrections_are_told_newest_first(run: Run, site: Path) -> None:
    run("amend", "tank222222", "--place", "the ford", "--reason", "seen on the map")
    run("publish", str(site))

    listed = page(site, "corrections.html")
    assert said(listed[listed.index("<ol") : listed.index("</ol>")]) == (
        "2 Jun 2021 Corrected: place – T-72B, Redland 1 Jun 2021 Merged – T-72B, Redland"
    )


def test_the_head_is_the_journals(run: Run, site: Path) -> None:
    public = json.loads(page(site, "head.json"))

    assert public == json.loads(run("audit", "--head", "--format", "json").stdout) | {"size": public["size"]}
    assert page(site, "head.txt") == f"{public['head']}\n"


CONFIG = """
title = "What was lost in the valley"
language = "en-GB"
intro = '''
First of all.

Then this.'''
licence = "CC BY 4.0"
licence_url = "https://creativecommons.org/licenses/by/4.0/"
contact = "desk@example.org"
base_url = "https://example.org/valley"

[colours]
side-1 = "#b01020"
side-1-dark = "#ff8090"
"""


def test_a_site_has_its_own_words_and_colours(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(CONFIG, encoding="utf-8")
    site = tmp_path / "site"
    assert run("publish", str(site), "--config", str(tmp_path / "site.toml")).exit_code == 0

    index = page(site, "index.html")
    assert "<h1>What was lost in the valley</h1>" in index
    assert '<html lang="en-GB">' in index
    assert index.count('<p class="intro">') == 2
    assert 'href="mailto:desk@example.org?subject=Error%20in%20loss%20tank222222"' in page(site, "loss/tank222222.html")
    assert "https://example.org/valley/feed.xml" in page(site, "feed.xml")
    assert "--side-1: #b01020;" in page(site, "assets/theme.css")
    assert "(prefers-color-scheme: dark) { :root { --side-1: #ff8090; } }" in page(site, "assets/theme.css")


def test_a_site_keeps_its_words_and_colours(run: Run, tmp_path: Path) -> None:
    config, site = tmp_path / "site.toml", tmp_path / "site"
    config.write_text(CONFIG + 'accent = "#123"\n', encoding="utf-8")
    run("publish", str(site), "--config", str(config))
    before = contents(site)

    again = run("publish", str(site))

    assert "with the settings of site.toml as it was read before; --config FILE reads them anew\n" in again.stderr
    assert counts(again.stderr) == [0, 0, len(before), 0]
    assert contents(site) == before

    config.write_text("", encoding="utf-8")
    assert "with the settings" not in run("publish", str(site), "--config", str(config)).stderr
    assert "with the settings" not in run("publish", str(site)).stderr
    run("publish", str(tmp_path / "plain"))
    assert contents(site) == contents(tmp_path / "plain")


def test_settings_that_were_kept_are_believed_no_more_than_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(CONFIG, encoding="utf-8")
    site = tmp_path / "site"
    run("publish", str(site), "--config", str(tmp_path / "site.toml"))
    manifest = json.loads((site / MANIFEST).read_text(encoding="utf-8"))
    manifest["config"]["settings"]["colours"]["side-1"] = "red; } body {"
    (site / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")

    refused = run("publish", str(site))

    assert refused.exit_code == 3
    assert f"{site / MANIFEST}: colours.side-1 is not a colour" in refused.stderr


@pytest.mark.parametrize(
    ("config", "code", "message"),
    [
        ("titel = 'x'", 2, "no setting of a site 'titel'; did you mean title?"),
        ("title = 3", 3, "title is not a text: '3'"),
        ("base_url = 'javascript:alert(1)'", 2, "base_url is no http or https link: 'javascript:alert(1)'"),
        ("[colours]\naccent = 'red; } body {'", 3, "colours.accent is not a colour, #1b4965: 'red; } body {'"),
        ("[colours]\nside-9 = '#fff'", 2, "no colour of a site 'side-9'; did you mean side-1"),
        ("title = ", 3, "is no TOML file"),
    ],
)
def test_settings_that_cannot_be_are_refused(run: Run, tmp_path: Path, config: str, code: int, message: str) -> None:
    (tmp_path / "site.toml").write_text(config, encoding="utf-8")

    result = run("publish", str(tmp_path / "site"), "--config", str(tmp_path / "site.toml"))

    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert not (tmp_path / "site").exists()


def test_nothing_public_is_said(run: Run, tmp_path: Path) -> None:
    for uid in ("tank222222", "tank333333", "blue222222", "jeep222222"):
        run("verify", uid, "--as", "claimed", "--reason", "not sure any more")

    result = run("publish", str(tmp_path / "site"))

    assert (result.exit_code, result.stderr) == (
        1,
        "lossledger: no confirmed loss of Valley War is public: nothing to publish yet\n",
    )


def test_feeds_of_one_side_are_not_summed_unasked(run: Run, tmp_path: Path) -> None:
    run("unmerge", "tank444444", "--reason", "two tanks")
    run("verify", "tank444444", "--reason", "seen")
    site = tmp_path / "site"
    run("publish", str(site))
    sides = re.findall(r'data-side="([\w.-]+)"', page(site, "index.html"))
    (tmp_path / "site.toml").write_text("joined = true", encoding="utf-8")
    run("publish", str(site), "--config", str(tmp_path / "site.toml"))

    assert sides == ["redland.a-list", "redland.own", "blueland"]
    assert re.findall(r'data-side="([\w.-]+)"', page(site, "index.html")) == ["redland", "blueland"]


def test_addresses_stay_when_a_side_comes_to_stand_in_several_lists(run: Run, site: Path, tmp_path: Path) -> None:
    before = contents(site)
    run("unmerge", "tank444444", "--reason", "two tanks")
    run("verify", "tank444444", "--reason", "seen")

    run("publish", str(site))

    assert not before.keys() - contents(site).keys()
    assert sorted(path.name for path in (site / "category").glob("*.redland*")) == [
        "tanks.redland.a-list.html",
        "tanks.redland.html",
        "tanks.redland.own.html",
    ]
    led = Page(page(site, "category/tanks.redland.html"))
    assert "Tanks, Redland Redland stands in several lists, which may tell" in " ".join(led.text.split())
    assert [link["href"] for link in led.links if "/tanks.redland." in str(link["href"])] == [
        "../category/tanks.redland.a-list.html",
        "../category/tanks.redland.own.html",
    ]
    assert "Jeeps, Blueland" in said(page(site, "category/jeeps.blueland.html"))

    run("publish", str(tmp_path / "anew"))
    assert contents(site) == contents(tmp_path / "anew")


def test_addresses_stay_when_a_side_comes_back_to_one_list(run: Run, tmp_path: Path) -> None:
    """At what is no list of its own any more stands where it is told now; later runs leave it there."""
    run("unmerge", "tank444444", "--reason", "two tanks")
    run("verify", "tank444444", "--reason", "seen")
    site = tmp_path / "site"
    run("publish", str(site))
    before = contents(site)
    assert run("merge", "tank444444", "tank222222", "--reason", "one tank after all").exit_code == 0

    for _ in range(2):
        run("publish", str(site))
        assert not before.keys() - contents(site).keys()
        led = Page(page(site, "category/tanks.redland.a-list.html"))
        assert "Elsewhere now What stood at this address is told elsewhere by now" in " ".join(led.text.split())
        assert [link["href"] for link in led.links if link.get("href") == "../category/tanks.redland.html"]


def test_a_chart_that_is_drawn_no_more_says_so(run: Run, tmp_path: Path) -> None:
    for day in ("2020-10-10", "2020-10-20"):
        claim = ("--side", "redland", "--category", "tanks", "--as-of", day, "--count", "40", "--wording", "tanks")
        assert run("published", "add", "--counted-by", "Blueland's ministry", *claim).exit_code == 0
    site = tmp_path / "site"
    run("publish", str(site))
    assert (site / "charts/claimed-redland.csv").exists()
    run("unmerge", "tank444444", "--reason", "two tanks")
    run("verify", "tank444444", "--reason", "seen")
    run("publish", str(site))

    embedded = Page(page(site, "embed/claimed-redland.html"))
    assert "Elsewhere now" in embedded.text
    assert [(link["href"], link["target"]) for link in embedded.links if "target" in link] == [
        ("../index.html", "_top")
    ]
    picture = ET.fromstring(page(site, "charts/claimed-redland.svg"))
    assert [one.text for one in picture.iter("{http://www.w3.org/2000/svg}text")] == [
        "This chart is not drawn any more."
    ]


def test_a_site_of_another_conflict_keeps_nothing(run: Run, site: Path, tmp_path: Path) -> None:
    run("conflict", "add", "Hill War")
    run("side", "add", "Greenland", "--conflict", "hill-war", "--reason", "more")
    loss = ("--conflict", "hill-war", "--side", "Greenland", "--type", "Ural-4320", "--verification", "confirmed")
    assert run("add", *loss, "--source", "https://example.org/hill").exit_code == 0
    assert run("publish", str(site), "--conflict", "hill-war").exit_code == 0

    assert [path.name for path in (site / "category").iterdir()] == ["jeeps.greenland.html", "jeeps.html"]


def test_later_pages_of_a_side_keep_their_addresses_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lossledger.publish.items._PER_PAGE", 1)
    site = tmp_path / "site"
    run("verify", "tank333333", "--reason", "seen")
    run("publish", str(site))
    before = contents(site)
    assert "category/tanks.redland.2.html" in before
    run("unmerge", "tank444444", "--reason", "two tanks")
    run("verify", "tank444444", "--reason", "seen")

    run("publish", str(site))

    assert not before.keys() - contents(site).keys()
    assert "stands in several lists" in page(site, "category/tanks.redland.2.html")


def test_several_processes_write_what_one_does(
    ledger: Path, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lossledger.db.engine import open_engine
    from lossledger.ledger.public_copy import public_copy
    from lossledger.publish import rendering
    from lossledger.publish.build import Source, Wanted, publish
    from lossledger.publish.settings import Settings

    monkeypatch.setattr(rendering, "WORTH_IT", 0)
    monkeypatch.setattr(rendering, "CHUNK", 3)
    with public_copy(open_engine(str(ledger))) as public:
        source = Source(public.connection, public.view.words, public.view.embargo, public.file)
        publish(source, Wanted("valley", Settings()), tmp_path / "by-two", lambda _done, _said: None, list)

    assert contents(tmp_path / "by-two") == contents(site)


def test_a_site_of_a_release_is_of_its_time(run: Run, ledger: Path, tmp_path: Path) -> None:
    from lossledger.db.engine import open_engine
    from lossledger.ledger import releases
    from lossledger.ledger.journal import recording

    with recording(open_engine(str(ledger)), actor="ann") as journal:
        releases.create(journal, "Summer 2021", conflict="valley")
    run("withdraw", "tank222222", "--reason", "another war")
    run("amend", "tank333333", "--place", "a private house", "--reason", "seen on the map")
    site = tmp_path / "site"

    result = run("publish", str(site), "--release", "summer 2021")

    assert result.exit_code == 0, result.stderr
    assert "As the ledger stood on 1 Jun 2021 , release Summer 2021, entry" in said(page(site, "index.html"))
    assert 'class="figure"><data value="2">2</data>' in page(site, "index.html")
    assert "a private house" not in page(site, "loss/tank333333.html")
    assert run("publish", str(site), "--release", "summer 2022").exit_code == 2


def test_a_site_is_cited_and_called_as_the_ledger_says(run: Run, tmp_path: Path) -> None:
    run("setting", "site.title", "Losses in the valley", "--reason", "we publish")
    run("setting", "site.url", "https://example.org/valley", "--reason", "we publish")
    site = tmp_path / "site"
    run("publish", str(site))

    assert "<h1>Losses in the valley</h1>" in page(site, "index.html")
    cited = said(page(site, "cite.html"))
    assert "Documented losses: Valley War. Losses in the valley. All days. Confirmed only. Redland 2," in cited
    assert "Accessed 2021-06-02. https://example.org/valley/" in cited
    assert "@misc{valley-" in cited


def test_the_ledger_says_who_publishes_where_the_file_does_not(run: Run, tmp_path: Path) -> None:
    run("setting", "site.publisher", "The Valley Desk", "--reason", "we publish")
    (tmp_path / "other.toml").write_text('credit = "Another desk"\n', encoding="utf-8")
    run("publish", str(tmp_path / "plain"))
    run("publish", str(tmp_path / "told"), "--config", str(tmp_path / "other.toml"))

    assert '<p class="licence">The Valley Desk</p>' in page(tmp_path / "plain", "loss/tank222222.html")
    assert '<p class="licence">Another desk</p>' in page(tmp_path / "told", "loss/tank222222.html")


ALL = "downloads/all"


def test_the_whole_list_is_what_export_writes(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run("publish", str(site), "--downloads")

    assert sorted(file.name for file in (site / ALL).iterdir()) == [
        *("data-package.zip", "evidence.csv", "evidence.csv-metadata.json"),
        *("losses.csv", "losses.csv-metadata.json", "losses.geojson", "losses.jsonl", "losses.jsonl-metadata.json"),
        *("sources.csv", "sources.csv-metadata.json"),
    ]
    for what, form in (("losses", "csv"), ("losses", "jsonl"), ("evidence", "csv"), ("sources", "csv")):
        assert (site / ALL / f"{what}.{form}").read_text(encoding="utf-8") == run("export", form, what).stdout
    with ZipFile(site / ALL / "data-package.zip") as package:
        assert "datapackage.json" in package.namelist()
    losses = len((site / ALL / "losses.jsonl").read_text(encoding="utf-8").splitlines())
    told = f"losses.csv Every loss, whatever is believed of it, for spreadsheets {losses} "
    assert told in said(page(site, "downloads.html"))


def test_the_whole_list_stays_until_it_is_asked_for_again(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run("publish", str(site), "--downloads")
    before = (site / ALL / "losses.csv").read_bytes()
    entry = json.loads((site / "head.json").read_text())["size"]
    run("amend", "tank222222", "--place", "Ford", "--reason", "looked at again")

    run("publish", str(site))
    assert (site / ALL / "losses.csv").read_bytes() == before
    assert f"entry {entry} " in said(page(site, "downloads.html")).partition("losses.csv")[2]

    run("publish", str(site), "--downloads")
    assert b"Ford" in (site / ALL / "losses.csv").read_bytes()
    assert f"entry {entry} " not in said(page(site, "downloads.html")).partition("losses.csv")[2]


def test_what_was_redacted_is_in_no_file_that_stayed(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run("amend", "tank222222", "--place", "Secret Ford", "--reason", "looked at again")
    run("publish", str(site), "--downloads")
    assert b"Secret Ford" in (site / ALL / "losses.csv").read_bytes()
    run("redact", "tank222222", "--field", "place", "--reason", "someone lives there", "--yes")

    run("publish", str(site))
    assert all(b"Secret Ford" not in file.read_bytes() for file in site.rglob("*") if file.is_file())


def test_a_file_of_the_whole_list_that_was_taken_away_stays_away(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run("publish", str(site), "--downloads")
    (site / ALL / "losses.geojson").unlink()

    run("publish", str(site))
    assert not (site / ALL / "losses.geojson").exists()
    assert "losses.geojson" not in page(site, "downloads.html")
    assert "losses.csv" in page(site, "downloads.html")


def listed(run: Run, folder: Path, name: str, rows: list[tuple[str, str, int]]) -> None:
    """Import a list of numbers: side, heading, quantity."""
    (folder / f"{name}.csv").write_text(
        "\n".join(
            ("id,side,category,quantity", *(f"r{n},{','.join(map(str, row))}" for n, row in enumerate(rows)), "")
        ),
        encoding="utf-8",
    )
    columns = "\n".join(f'{column} = "{column}"' for column in ("id", "side", "category", "quantity"))
    feed = f'[feed]\nname = "{name}"\nverification = "confirmed"\nverified_by = "{name}"\n'
    (folder / f"{name}.toml").write_text(f"[columns]\n{columns}\n{feed}", encoding="utf-8")
    taken = run("import", str(folder / f"{name}.csv"), "--map", str(folder / f"{name}.toml"), "--create-sides")
    assert taken.exit_code == 0, taken.stderr


def test_a_site_promises_no_evidence_that_the_ledger_does_not_know_of(run: Run, tmp_path: Path) -> None:
    run("publish", str(tmp_path / "own"))
    listed(run, tmp_path, "Elsewhere", [("Redland", "Tanks", 5)])
    run("publish", str(tmp_path / "both"))

    own = "Confirmed losses, each by somebody of this ledger. All are itemised."
    both = (
        "Confirmed losses: 4 by somebody of this ledger, 5 confirmed by the list that they were taken from "
        "(Elsewhere); nobody here need have looked at their evidence. "
        "4 of 9 are itemised, the rest are numbers that somebody gave."
    )
    for name, rests in (("own", own), ("both", both)):
        for path in ("index.html", "method.html"):
            assert rests in said(page(tmp_path / name, path))
        assert not re.search("evidence that was looked at|each with evidence", page(tmp_path / name, "index.html"))


def placed(run: Run, folder: Path, coordinates: list[tuple[float, float]]) -> Path:
    """The site of a ledger with a list of tanks that have these coordinates, and nothing else that has any."""
    rows = (f"r{n},Redland,T-72B,destroyed,{north},{east}" for n, (north, east) in enumerate(coordinates))
    names = ("id", "side", "type", "status", "latitude", "longitude")
    (folder / "list.csv").write_text("\n".join((",".join(names), *rows, "")), encoding="utf-8")
    columns = "\n".join(f'{name} = "{name}"' for name in names)
    feed = '[feed]\nname = "Elsewhere"\nverification = "confirmed"\nverified_by = "Elsewhere"\n'
    (folder / "list.toml").write_text(f"[columns]\n{columns}\n{feed}", encoding="utf-8")
    taken = run("import", str(folder / "list.csv"), "--map", str(folder / "list.toml"))
    assert taken.exit_code == 0, taken.stderr
    assert run("publish", str(folder / "site")).exit_code == 0
    return folder / "site"


def test_marks_and_what_lies_outside_the_map_add_up(run: Run, tmp_path: Path) -> None:
    site = placed(run, tmp_path, [(39 + n / 1000, 46 + n / 1000) for n in range(500)] + [(-39, 46), (68.15, 33.46)])

    for path in ("index.html", "map.html"):
        text = page(site, path)
        marks = text[text.index('class="marks"') : text.index("</svg>", text.index('class="marks"'))]
        # A mark of several says how many; what is alone is one tank here.
        drawn = [int(many) if many else 1 for many in re.findall(r"<title>(?:(\d+) losses: )?", marks)]
        told = re.search(r"(\d+) of the documented losses have coordinates ?; (\d+) of them lie outside", said(text))
        assert told, said(text)
        assert sum(drawn) + int(told[2]) == int(told[1])
        listed = text[text.index('<details class="outside">') :].split("</details>")[0]
        assert len(Page(listed).links) == int(told[2])
        assert "Redland, destroyed, day not known , -39.0, 46.0" in said(listed)


def test_two_lists_of_one_side_are_not_compared(run: Run, tmp_path: Path) -> None:
    listed(run, tmp_path, "First", [("Redland", "Tanks", 60)])
    listed(run, tmp_path, "Second", [("Redland", "Tanks", 50), ("Blueland", "Tanks", 30)])
    site = tmp_path / "site"
    assert run("publish", str(site)).exit_code == 0

    assert not (site / "charts" / "ratio.svg").exists()
    assert (
        "No sides are compared by category: the two longest lists are both of Redland, and are not to be summed."
        in said(page(site, "index.html"))
    )


def test_two_sides_are_compared(run: Run, tmp_path: Path) -> None:
    listed(run, tmp_path, "First", [("Redland", "Tanks", 60), ("Blueland", "Tanks", 30)])
    site = tmp_path / "site"
    assert run("publish", str(site)).exit_code == 0

    assert (site / "charts" / "ratio.csv").read_text(encoding="utf-8").splitlines()[1] == "Tanks,60,30"
    assert "No sides are compared" not in said(page(site, "index.html"))


def test_a_site_of_a_withdrawn_release_says_so(run: Run, tmp_path: Path) -> None:
    run("release", "create", "Spring")
    run("publish", str(tmp_path / "before"), "--release", "spring")
    run("release", "withdraw", "spring", "--reason", "a list was in it twice")
    run("publish", str(tmp_path / "after"), "--release", "spring")
    run("setting", "public.notes", "in", "--reason", "they agreed")
    run("publish", str(tmp_path / "told"), "--release", "spring")

    why = {"after": "was withdrawn on 2021-06-02.", "told": "was withdrawn on 2021-06-02: a list was in it twice."}
    for name in ("index.html", "cite.html"):
        assert "withdrawn on" not in said(page(tmp_path / "before", name))
        for folder, words in why.items():
            assert words in said(page(tmp_path / folder, name))
    assert not any(b"in it twice" in content for content in contents(tmp_path / "after").values())


def test_a_correction_says_once_what_was_done(run: Run, tmp_path: Path) -> None:
    run("withdraw", "tank333333", "--reason", "another war")
    run("publish", str(tmp_path / "site"))

    assert "2 Jun 2021 Withdrawn – " in said(page(tmp_path / "site", "corrections.html"))


def test_each_group_of_headings_stands_once_in_words(run: Run, tmp_path: Path) -> None:
    for name, group in (
        ("Jeeps", "light-vehicles"),
        ("Ships", "naval"),
        ("Cranes", "command-engineering"),
        ("Aim", "anti-tank"),
    ):
        run("category", "add", name, "--group", group, "--reason", "more")
    run("category", "add", "Quads", "--group", "light-vehicles", "--reason", "more")
    listed(run, tmp_path, "Elsewhere", [("Redland", name, 1) for name in ("Jeeps", "Ships", "Cranes", "Aim", "Quads")])
    run("publish", str(tmp_path / "site"))

    text = page(tmp_path / "site", "index.html")
    shown = re.findall(r'<tr class="group"><th[^>]*>([^<]*)</th>', text)
    assert len(shown) == len(set(shown))
    assert {"Light vehicles", "Naval", "Command and engineering", "Anti-tank"} <= set(shown)


def test_a_site_of_one_list_without_places(tmp_path: Path) -> None:
    """Own entries, which there are none of, are no list that anything came from; an empty map says why."""
    run = runner(str(tmp_path / "other.db"))
    assert run("init", "--pack", "catalogue").exit_code == 0
    assert run("conflict", "add", "Valley War").exit_code == 0
    listed(run, tmp_path, "Elsewhere", [("Redland", "Tanks", 5)])
    assert run("publish", str(tmp_path / "site")).exit_code == 0

    method = page(tmp_path / "site", "method.html")
    assert said(method[method.index('<h2 id="lists">') :].split("</section>")[0]) == "Lists Elsewhere"
    assert "None of the documented losses has coordinates that are public." in said(page(tmp_path / "site", "map.html"))
