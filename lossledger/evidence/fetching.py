"""A look at one link: what is there now, with its payload and the record of how it came."""

import ssl
import threading
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import BinaryIO

import httpx

from lossledger.core.days import utc_now
from lossledger.core.vocabulary import Health
from lossledger.errors import LedgerError
from lossledger.evidence.asking import Answer, Asking, Limits, NoAnswer, joined, user_agent
from lossledger.evidence.guard import Guard, NotToBeFetched
from lossledger.evidence.hosts import Hosts
from lossledger.evidence.media import HEAD, by_head
from lossledger.evidence.pages import GONE_CODES, LOGIN_CODES, is_front_page, read_page, wants_login
from lossledger.evidence.warc import write_warc

_PASSING_CODES = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 531)})
"""Answers that may be otherwise in a while."""

_NAMED_TRIED = 3
"""How many of the films and pictures that a page names are tried."""

_MEDIA = ("image/", "video/", "audio/", "application/pdf")
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Payload:
    """What one answer held, and where it was had at last where that is not the link itself."""

    url: str | None
    content: BinaryIO


@dataclass(slots=True)
class Outcome:
    """What a look found. Whoever has it closes it."""

    health: Health
    said: str
    """What was found, in a few words."""
    payloads: tuple[Payload, ...] = ()
    """What is to be held: of a page that names a film or a picture, the page and that."""
    record: BinaryIO | None = None
    """The WARC file of all that went over the wire for it; there where there is a payload."""
    passing: bool = False
    """Whether another look may find more in a while."""
    looked_at: str = field(default_factory=utc_now)

    def close(self) -> None:
        """Let go of its files."""
        for payload in self.payloads:
            payload.content.close()
        if self.record is not None:
            self.record.close()


class Fetcher:
    """Looks at links, from any thread. Where it may go, how long and how much is settled once."""

    def __init__(
        self, guard: Guard, hosts: Hosts, limits: Limits, stop: threading.Event, contact: str | None = None
    ) -> None:
        self._guard = guard
        self._hosts = hosts
        self._limits = limits
        self._stop = stop
        self._name = user_agent(contact)
        self._tls = _tls()

    def look(self, link: str) -> Outcome:
        """Look at a link. Nothing that a server does is an error. Errors: Interrupted; OSError of the own disk."""
        with Asking(self._guard, self._hosts, self._limits, self._tls, self._stop, self._name) as asking:
            try:
                outcome = _judged(asking, self._guard.checked(link), asking.followed(link))
            except NotToBeFetched as error:
                return Outcome(Health.REFUSED, str(error))
            except NoAnswer as error:
                return Outcome(Health.UNREACHABLE, str(error), passing=error.passing)
            except (OSError, LedgerError):
                raise
            except Exception as error:  # noqa: BLE001 - what strangers send may break any reader; other links go on
                return Outcome(Health.UNREACHABLE, f"cannot be read ({type(error).__name__}: {error})")
            if outcome.payloads:
                outcome.record = write_warc(asking.exchanges, self._name)
            return outcome


@cache
def _tls() -> ssl.SSLContext:
    """Whom to believe that they are who they say, which takes a moment to read."""
    return httpx.create_ssl_context(trust_env=False)


def _judged(asking: Asking, asked: httpx.URL, answer: Answer) -> Outcome:
    """What an answer means for a link; where nothing of it is to be held it is closed."""
    try:
        outcome = _without_payload(asked, answer) or _with_payload(asking, asked, answer)
    except BaseException:
        answer.close()
        raise
    if not outcome.payloads:
        answer.close()
    return outcome


def _without_payload(asked: httpx.URL, answer: Answer) -> Outcome | None:
    """What an answer means that does not show what was asked for; None where it may."""
    said = _phrase(answer.code)
    if answer.code in LOGIN_CODES:
        return Outcome(Health.LOGIN, said)
    if answer.code in GONE_CODES:
        return Outcome(Health.GONE, said)
    if answer.code not in range(200, 300):
        return Outcome(Health.UNREACHABLE, said, passing=answer.code in _PASSING_CODES)
    if is_front_page(asked, answer.url):
        return Outcome(Health.GONE, "led to the front page instead")
    return None if answer.size else Outcome(Health.UNREACHABLE, "an empty answer")


def _with_payload(asking: Asking, asked: httpx.URL, answer: Answer) -> Outcome:
    payload = Payload(None if answer.url == asked else str(answer.url), answer.content)
    found = _media_type(answer)
    if found.startswith(_MEDIA):
        return Outcome(Health.MEDIA, found, (payload,))
    if found not in _PAGES and answer.media_type not in _PAGES:
        return Outcome(Health.PAGE, found, (payload,))
    page = read_page(answer.content.read())
    answer.content.seek(0)
    if wants_login(page, asked, answer.url):
        return Outcome(Health.LOGIN, "a page that asks for a login")
    return _with_named(asking, answer.url, page.media, payload)


def _with_named(asking: Asking, at: httpx.URL, named: tuple[str, ...], page: Payload) -> Outcome:
    """A page, with the first of the films and pictures that it names which is one."""
    hindered = Outcome(Health.PAGE, "a page", (page,))
    for link in named[:_NAMED_TRIED]:
        try:
            answer = asking.followed(joined(at, link))
        except NotToBeFetched:
            continue
        except NoAnswer as error:
            hindered = Outcome(Health.PAGE, f"a page; of what it shows: {error}", (page,), passing=error.passing)
            continue
        found = _media_type(answer)
        if answer.code in range(200, 300) and found.startswith(_MEDIA):
            return Outcome(Health.MEDIA, f"a page with {found}", (page, Payload(str(answer.url), answer.content)))
        if answer.code in _PASSING_CODES:
            said = f"a page; of what it shows: {_phrase(answer.code)}"
            hindered = Outcome(Health.PAGE, said, (page,), passing=True)
        answer.close()
    return hindered


def _media_type(answer: Answer) -> str:
    """What an answer is by its content, whatever the server says."""
    head = answer.content.read(HEAD)
    answer.content.seek(0)
    return by_head(head)


def _phrase(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
