"""Open data as CSV and as JSON lines, each with a file beside it that says what it is."""

import json
from typing import IO, Any

from lossledger.exports.about import About
from lossledger.exports.rows import csv_line
from lossledger.exports.tables import Form, Table

BESIDE = "-metadata.json"
"""What is added to a file's name for the one that describes it, as CSV on the Web has it."""

_AT_ONCE = 1_000


def write_csv_table(table: Table, out: IO[bytes]) -> None:
    """Write a table as CSV: UTF-8, lines that end with LF, no text that a spreadsheet would run."""
    # Without a TextIOWrapper: where a write fails, as to a closed pipe, that would close what it was only lent.
    out.write(csv_line(table.header).encode())
    out.writelines(csv_line(row).encode() for row in table.rows)


def write_lines(table: Table, out: IO[bytes]) -> None:
    """Write a table as JSON lines: an object a row, every column in each."""
    import orjson

    header, lines = table.header, list[bytes]()
    for row in table.rows:
        lines.append(orjson.dumps(dict(zip(header, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
        if len(lines) == _AT_ONCE:
            out.writelines(lines)
            lines.clear()
    out.writelines(lines)


def described(table: Table, about: About, file: str, *, csv: bool) -> str:
    """What stands beside a file of one table, as CSV on the Web describes it; of JSON lines, in the same words."""
    dialect = {"dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True}} if csv else {}
    content: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file,
        "dc:title": about.title,
        "dc:created": about.made,
        "dc:rights": list(about.licences),
        "dc:source": [one.line for one in about.credits],
        "notes": [about.fields()],
        **dialect,
        "tableSchema": {
            "columns": [
                {"name": one.name, "titles": one.name, "datatype": _datatype(one.form), "dc:description": one.meaning}
                for one in table.columns
            ],
            **({"primaryKey": "id"} if "id" in table.header else {}),
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _datatype(form: Form) -> str | dict[str, str]:
    return {"base": "boolean", "format": "true|false"} if form is Form.FLAG else form.value
