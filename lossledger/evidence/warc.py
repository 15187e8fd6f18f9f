"""What went over the wire, as a WARC file (ISO 28500, version 1.1): requests and answers, to the byte."""

import re
from collections.abc import Iterable
from typing import IO, BinaryIO, cast

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from lossledger import __version__
from lossledger.evidence.wire import Exchange, temporary

_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
_INTERIM = re.compile(rb"HTTP/1\.[01] 1[0-9][0-9]")
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]+)", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
_LONGEST_HEAD = 256 * 1024


class _Verbatim(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """A head that is written as it came, however it was spaced and folded."""

    def __init__(self, head: bytes) -> None:
        super().__init__("as it came", [])
        self._head = head

    def compute_headers_buffer(self, _header_filter: object = None) -> None:
        """Set what is written."""
        self.headers_buff = self._head


def write_warc(exchanges: Iterable[Exchange], user_agent: str) -> BinaryIO:
    """A file with a record of every request and every answer, open at its beginning.

    Digests of payloads are over the bytes of the wire, as is usual: of what was sent in chunks, over the chunks.
    """
    out = cast("BinaryIO", temporary())
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    about = {
        "software": f"lossledger/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "http-header-user-agent": user_agent,
        "robots": "ignore",
    }
    writer.write_record(writer.create_warcinfo_record(None, about))
    for exchange in exchanges:
        _write(writer, exchange)
    out.seek(0)
    return out


def _write(writer: WARCWriter, exchange: Exchange) -> None:
    fields = {"WARC-Date": exchange.began, "WARC-IP-Address": exchange.server}
    head, length = _answer(exchange.received)
    response = writer.create_warc_record(
        exchange.url,
        "response",
        payload=exchange.received,
        length=length,
        http_headers=_Verbatim(head),
        warc_headers_dict=fields,
    )
    request = writer.create_warc_record(
        exchange.url, "request", http_headers=_Verbatim(bytes(exchange.sent)), warc_headers_dict=fields
    )
    writer.write_request_response_pair(request, response)


def _answer(received: IO[bytes]) -> tuple[bytes, int]:
    """The head of an answer, and how many bytes of a body follow; the file is left where the body begins.

    Answers on the way to it (``103 Early Hints``) are no part of it; what follows the body's own length is cut off.
    """
    received.seek(0)
    begins = received.read(_LONGEST_HEAD)
    at = 0
    while True:
        end = _HEAD_ENDS.search(begins, at)
        if end is None or not _INTERIM.match(begins, at):
            break
        at = end.end()
    body = end.end() if end else len(begins)
    head = begins[at:body]
    rest = received.seek(0, 2) - body
    told = _LENGTH.search(head)
    if told and not _CHUNKED.search(head):
        rest = min(rest, int(told[1]))
    received.truncate(body + rest)
    received.seek(body)
    return head, rest
