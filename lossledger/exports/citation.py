"""Citations written as text, as BibTeX, and as CSL-JSON."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from lossledger.core.citation import Citation
from lossledger.core.text import inert

_SHORT = 12
"""How many digits of a hash tell it from others, where people read it."""


def as_text(cited: Citation) -> str:
    """A citation in one paragraph, for a footnote."""
    parts = [
        *([f"{cited.publisher.rstrip('.')}."] if cited.publisher else []),
        f"{cited.title}.",
        *([f"{cited.within}."] if cited.within else []),
        *_said(cited, cited.hash[:_SHORT]),
        f"Accessed {cited.accessed}.",
        *([cited.url] if cited.url else []),
    ]
    return inert(" ".join(parts)) + "\n"


def as_bibtex(cited: Citation) -> str:
    """A citation as an entry that BibTeX and biblatex read, the whole hash in its note."""
    year, month, _ = cited.recorded.split("-")
    fields = {
        "title": f"{{{_tex(cited.title)}}}",
        "author": f"{{{_tex(cited.publisher)}}}" if cited.publisher else None,
        "howpublished": _tex(cited.within) if cited.within else None,
        "year": year,
        "pubstate": "withdrawn" if cited.withdrawn else None,
        "month": str(int(month)),
        "note": _tex(" ".join(_said(cited, cited.hash))),
        "url": _bibtex_url(cited.url) if cited.url else None,
        "urldate": cited.accessed,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value is not None]
    return "\n".join([f"@misc{{{cited.key},", *lines, "}"]) + "\n"


def as_csl_json(cited: Citation) -> str:
    """A citation as CSL-JSON, which Zotero, pandoc and citation processors read: an array of one item."""
    import orjson

    item: dict[str, Any] = {
        "id": cited.key,
        "type": "dataset",
        "title": cited.title,
        "author": [{"literal": cited.publisher}] if cited.publisher else None,
        "container-title": cited.within,
        "publisher": cited.publisher,
        "status": "withdrawn" if cited.withdrawn else None,
        "issued": _date(cited.recorded),
        "accessed": _date(cited.accessed),
        "version": f"release {cited.release}" if cited.release else f"entry {cited.entry}",
        "note": " ".join(_said(cited, cited.hash)),
        "URL": cited.url,
    }
    told = {name: value for name, value in item.items() if value is not None}
    return orjson.dumps([told], option=orjson.OPT_INDENT_2).decode() + "\n"


FORMATS: Mapping[str, Callable[[Citation], str]] = {"text": as_text, "bibtex": as_bibtex, "csl-json": as_csl_json}
"""The formats of a citation, by the name that a user gives."""


def _said(cited: Citation, hash_: str) -> list[str]:
    """What fixes the figures and what they are, in sentences."""
    days = cited.days[:1].upper() + cited.days[1:]
    head = f"head {cited.entry}:{hash_}, recorded {cited.recorded}."
    ended = f", {cited.withdrawn.rstrip('.')}, not to be used any more" if cited.withdrawn else ""
    named = f"Release {cited.release}{ended}, {head}" if cited.release else head.capitalize()
    return [
        f"{days}.",
        *cited.figures,
        named,
        *([f"Counted from: {'; '.join(cited.credits)}."] if cited.credits else []),
        f"Counted with {cited.program}.",
    ]


def _date(day: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in day.split("-")]]}


_TEX_SIGNS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "$&#_%"},
    # A brace with a backslash before it is still counted as a brace by BibTeX.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "ß": r"{\ss}",
    "æ": r"{\ae}",
    "Æ": r"{\AE}",
    "œ": r"{\oe}",
    "Œ": r"{\OE}",
    "ø": r"{\o}",
    "Ø": r"{\O}",
    "ł": r"{\l}",
    "Ł": r"{\L}",
    "đ": r"{\dj}",
    "Đ": r"{\DJ}",
    "ı": r"{\i}",
    "å": r"{\aa}",
    "Å": r"{\AA}",
}
"""Signs that mean something to TeX, and letters for which it has words."""

_TEX_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0327": "c",
    "\u0328": "k",
}

_BELOW = frozenset("ck")
"""The accents that stand below a letter; over an i or a j the others take the place of its dot."""


def _tex(text: str) -> str:
    """A text in which nothing is a command. Latin letters are written in ASCII; other scripts stay as they are."""
    return "".join(map(_tex_sign, unicodedata.normalize("NFC", inert(text))))


def _tex_sign(sign: str) -> str:
    if sign in _TEX_SIGNS:
        return _TEX_SIGNS[sign]
    parts = unicodedata.normalize("NFD", sign)
    letter, accent = parts[0], _TEX_ACCENTS.get(parts[1:])
    if letter in "ij" and accent is not None and accent not in _BELOW:
        return f"{{\\{accent}\\{letter}}}"
    if letter.isascii() and accent is not None:
        return f"{{\\{accent}{{{letter}}}}}"
    return sign


def _bibtex_url(url: str) -> str:
    """A link without what would end its field early."""
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")
