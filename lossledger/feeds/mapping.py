"""Which column of a table gives which field of a loss, what its values mean, and whose table it is."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lossledger.core.names import near, slug
from lossledger.core.text import checked_url, quoted
from lossledger.core.vocabulary import Verification
from lossledger.errors import BadData, Refused, UnknownName
from lossledger.feeds.records import Source

NAMES = (
    "id",
    "side",
    "category",
    "type",
    "origin",
    "quantity",
    "status",
    "phrase",
    "cause",
    "captor",
    "name",
    "fittings",
    "circumstance",
    "date",
    "reported",
    "place",
    "latitude",
    "longitude",
    "coordinates",
    "unit",
    "tags",
    "note",
    "source",
    "number",
)
"""What a column of a table can be for."""

_FEED = ("name", "publisher", "licence", "credit", "url", "verification", "verified_by")
_SECTIONS = ("columns", "values", "defaults", "feed")
_HINT = f"a map's fields are: {', '.join(NAMES)}"


@dataclass(frozen=True)
class ColumnMap:
    """A map of a table's columns. Every field is one of ``NAMES``."""

    columns: Mapping[str, str]
    """Field to column."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field to what its values mean, by the text in the table."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Field to its value where a row gives none."""
    feed: Mapping[str, str] = field(default_factory=dict)
    """Whose table it is."""

    def source(self, name: str) -> Source:
        """The list that a table is a copy of; called by its file's ``name`` where the map does not say."""
        called = self.feed.get("name", name.removesuffix(".gz").rpartition(".")[0] or name)
        return Source(
            slug(called) or "table",
            called,
            publisher=self.feed.get("publisher"),
            licence=self.feed.get("licence"),
            credit=self.feed.get("credit"),
            url=self.feed.get("url"),
            verification=Verification(self.feed.get("verification", Verification.CLAIMED)),
            verified_by=self.feed.get("verified_by"),
        )


def parse_map(text: str) -> ColumnMap:
    """A map typed in one line: "side=country,type=system".

    Errors: UnknownName for a field that a loss has not; Refused for a part without "=", or a field given twice.
    """
    columns: dict[str, str] = {}
    for part in text.split(","):
        name, sign, column = (piece.strip() for piece in part.partition("="))
        if not (name and sign and column):
            raise Refused(f"{quoted(part)} in the map is no field=column; write side=country,type=system")
        if name in columns:
            raise Refused(f"the map gives {name} twice")
        columns[name] = column
    _check_names(columns)
    return ColumnMap(columns)


def load_map(path: Path) -> ColumnMap:
    """A map in a TOML file: the tables columns, values.FIELD, defaults and feed, all of them optional.

    Errors: BadData where the file cannot be read or says something else; UnknownName for an unknown field.
    """
    import tomllib

    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadData(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise BadData(f"{path}: {error}") from error
    _check_known("section", said, _SECTIONS, f"a map's sections are: {', '.join(_SECTIONS)}")
    values = _section(path, said, "values")
    found = ColumnMap(
        columns=_texts(path, "columns", _section(path, said, "columns")),
        values={name: _texts(path, f"values.{name}", _section(path, values, name)) for name in values},
        defaults=_texts(path, "defaults", _section(path, said, "defaults")),
        feed=_texts(path, "feed", _section(path, said, "feed")),
    )
    for names in (found.columns, found.values, found.defaults):
        _check_names(names)
    _check_feed(path, found.feed)
    return found


def own_names(columns: Collection[str]) -> ColumnMap:
    """The map of a table whose columns bear the fields' own names; other columns are left out."""
    spelt: dict[str, str] = {}
    for column in columns:
        # Of two that differ by their case alone, the name itself is meant.
        if column.casefold() not in spelt or column in NAMES:
            spelt[column.casefold()] = column
    return ColumnMap({name: spelt[name] for name in NAMES if name in spelt})


def sufficient(names: Collection[str]) -> bool:
    """Whether these fields are enough to tell a loss: who lost, and what."""
    return "side" in names and ("type" in names or "category" in names)


def _section(path: Path, said: Mapping[str, object], name: str) -> dict[str, object]:
    found = said.get(name, {})
    if not isinstance(found, dict):
        raise BadData(f"{path}: {name} is no table of TOML; write [{name}]")
    return found


def _texts(path: Path, name: str, section: Mapping[str, object]) -> dict[str, str]:
    for key, value in section.items():
        if not isinstance(value, str):
            raise BadData(f'{path}: {key} in [{name}] is no text; write {key} = "..."')
    return {key: str(value) for key, value in section.items()}


def _check_names(names: Iterable[str]) -> None:
    _check_known("field", names, NAMES, _HINT)


def _check_known(what: str, names: Iterable[str], known: tuple[str, ...], hint: str) -> None:
    for name in names:
        if name not in known:
            raise UnknownName(what, name, near(name, known), hint)


def _check_feed(path: Path, feed: Mapping[str, str]) -> None:
    _check_known("key of [feed]", feed, _FEED, f"its keys are: {', '.join(_FEED)}")
    if feed.get("verification", Verification.CLAIMED) not in list(Verification):
        words = ", ".join(Verification)
        raise BadData(f"{path}: verification {quoted(feed['verification'])} in [feed] is none of {words}")
    if feed.get("verification", Verification.CLAIMED) != Verification.CLAIMED and "verified_by" not in feed:
        raise BadData(
            f"{path}: [feed] says that rows are {feed['verification']}, and not by whom; give verified_by, too"
        )
    if "url" in feed:
        checked_url(feed["url"], f"{path}: url in [feed]", 4000)
