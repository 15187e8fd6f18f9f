"""One subject of the catalogue on the screen: its fields, its names, what stands under it, its history."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.render import Cell, facts, heading
from lossledger.cli.steps import print_steps
from lossledger.core.text import inert

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.told import Record


def show_subject(connection: "Connection", kind: str, key: str, form: str) -> None:
    """Print a subject as facts for people, or as one JSON object."""
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.lineage import steps
    from lossledger.queries.told import subjects

    record = subjects(connection, kind, key)[key]
    record |= _more(connection, kind, key)
    done = steps(connection, kind, key)
    if form == "json":
        _print_json(key, record | {"history": [_plain(step._asdict()) for step in done]})
        return
    title = "Published tally" if kind == "published" else kind.capitalize()
    click.echo(inert(f"{title} {record.get('name') or record.get('title') or key}") + "\n")
    facts([("id", key), *((name.replace("_", " "), _shown(name, value)) for name, value in record.items())])
    heading("History")
    print_steps(done, kind, catalogue(connection))


def _more(connection: "Connection", kind: str, key: str) -> "Record":
    from lossledger.queries.told import below, cited

    if kind == "post":
        from lossledger.queries.inbox import losses_seen_on

        return {"losses": "|".join(losses_seen_on(connection, key))}
    if kind == "scene":
        from lossledger.queries.scenes import losses_in, posts_in

        return {"posts": "|".join(posts_in(connection, key)), "losses": "|".join(losses_in(connection, key))}
    if kind in ("side", "category", "type", "source"):
        number = cited(connection, kind, key)
        return {"under_it": "|".join(below(connection, kind, key)), "losses": number}
    return {}


def _shown(name: str, value: Any) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else None
    return value.replace("|", ", ") if isinstance(value, str) and name in _LISTS else value


_LISTS = ("aliases", "under_it", "categories", "groups", "types", "statuses", "posts", "losses")


def _plain(step: dict[str, Any]) -> dict[str, Any]:
    return step | {"changes": [change._asdict() for change in step["changes"]]}


def _print_json(key: str, record: "Record") -> None:
    import orjson

    click.echo(orjson.dumps({"id": key, **record}, option=orjson.OPT_INDENT_2).decode())
