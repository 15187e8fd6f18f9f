"""What a site may be told by a small TOML file: its title, texts, licence, contact, colours and address."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple, Self

from lossledger.core.names import near
from lossledger.core.text import checked, checked_url, inert, quoted
from lossledger.errors import BadData, UnknownName

_MAX = 20_000
"""Characters in a text."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_MAIL = re.compile(r"[^\s@<>\"'?&]+@[^\s@<>\"'?&]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """A site's own words and looks; what is empty is left out, or has a default."""

    title: str = ""
    """Default: "Documented losses: " and the conflict's name."""
    language: str = "en"
    intro: str = ""
    """Plain text; an empty line begins a new paragraph."""
    about: str = ""
    """What stands on the page of methods before the rules of counting, as ``intro``."""
    licence: str = ""
    licence_url: str = ""
    credit: str = ""
    contact: str = ""
    """A mail address or a link, to which "report an error" leads."""
    base_url: str = ""
    """Where the site will stand, for the feed's and for canonical addresses."""
    joined: bool = False
    """Whether the feeds of a side are summed, merged losses once."""
    colours: tuple[tuple[str, str], ...] = ()
    """``accent``, and ``side-1`` to ``side-8`` in the order of the sides; with ``-dark`` for dark screens."""

    def paragraphs(self, name: str) -> list[str]:
        """A text as paragraphs."""
        return [part.strip() for part in re.split(r"\n\s*\n", getattr(self, name)) if part.strip()]


class Config(NamedTuple):
    """Settings, and the name of the file that told them; no name where none did."""

    settings: Settings
    name: str = ""

    @classmethod
    def read(cls, path: Path) -> Self:
        """What a file holds. Errors: those of `read_settings`."""
        return cls(read_settings(path), path.name)

    @classmethod
    def remembered(cls, kept: Mapping[str, Any], where: str) -> Self:
        """What `kept` gave. Errors: those of `settings_of`, since it may have been altered ``where`` it was kept."""
        if not kept:
            return cls(Settings())
        told = _is(dict, kept.get("settings"), f"{where}: settings", "a table")
        return cls(settings_of(told, where), inert(_is(str, kept.get("name"), f"{where}: name", "a text")))

    @property
    def kept(self) -> dict[str, Any]:
        """What is written down so that the site can be written again without the file: what differs from none."""
        told = asdict(self.settings) | {"colours": dict(self.settings.colours)}
        differs = {name: told[name] for name in _NAMES if getattr(self.settings, name) != getattr(Settings(), name)}
        return {"name": self.name, "settings": differs} if differs else {}


_NAMES = tuple(one.name for one in fields(Settings))
_COLOURS = tuple(
    f"{name}{scheme}" for name in ("accent", *(f"side-{n}" for n in range(1, 9))) for scheme in ("", "-dark")
)


def read_settings(path: Path) -> Settings:
    """The settings that a file holds.

    Errors: UnknownName for a key that is none, BadData for a value that cannot be or a file that cannot be read.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadData(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadData(f"{path} is no TOML file: {error}") from error
    return settings_of(given, str(path))


def settings_of(given: Mapping[str, Any], where: str) -> Settings:
    """Settings from what a file holds by name; ``where`` it stands is said in messages."""
    for name in given:
        if name not in _NAMES:
            raise UnknownName("setting of a site", name, near(name, _NAMES), f"{where} may hold: {', '.join(_NAMES)}")
    return Settings(**{name: _value(name, value, f"{where}: {name}") for name, value in given.items()})


def _value(name: str, value: Any, what: str) -> Any:
    if name == "colours":
        return _colours(value, what)
    if name == "joined":
        return _is(bool, value, what, "true or false")
    text = str(_is(str, value, what, "a text"))
    if not text.strip():
        return ""
    if name in ("base_url", "licence_url"):
        return checked_url(text, what, _MAX).rstrip("/") + ("/" if name == "base_url" else "")
    if name == "contact":
        return text.strip() if _MAIL.fullmatch(text.strip()) else checked_url(text, what, _MAX)
    if name == "language":
        return _matches(_LANGUAGE, text, what, "a language's code, such as en or uk")
    return checked(text, what, _MAX, lines=name in ("intro", "about"))


def _colours(value: Any, what: str) -> tuple[tuple[str, str], ...]:
    table = _is(dict, value, what, "a table of colours")
    for name in table:
        if name not in _COLOURS:
            raise UnknownName("colour of a site", name, near(name, _COLOURS), "there are: accent, side-1 to side-8")
    return tuple(
        (name, _matches(_COLOUR, str(_is(str, one, f"{what}.{name}", "a text")), f"{what}.{name}", "a colour, #1b4965"))
        for name, one in table.items()
    )


def _is(form: type, value: Any, what: str, wanted: str) -> Any:
    if not isinstance(value, form):
        raise BadData(f"{what} is not {wanted}: {quoted(str(value))}")
    return value


def _matches(form: re.Pattern[str], text: str, what: str, wanted: str) -> str:
    if not form.fullmatch(text.strip()):
        raise BadData(f"{what} is not {wanted}: {quoted(text)}")
    return text.strip()
