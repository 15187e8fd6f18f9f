"""``plot``: pictures of timelines, comparisons and statuses."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.compare import read_claims, read_sides, sides_option
from lossledger.cli.counting import joined_option
from lossledger.cli.files import appearing, destination, output_options
from lossledger.cli.scope import scope_options, timeless_options
from lossledger.cli.timeline import GROUPINGS, every_option
from lossledger.core.days import UNITS
from lossledger.errors import LedgerError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from lossledger.exports.chart_frame import Spec
    from lossledger.ledger.public_copy import PublicCopy

FORMATS = ("png", "svg", "html")
COMPARED_BY = ("category", "group", "type")


def _picture_options(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """``--output``, ``--force``, and which kind of picture."""
    form = click.option("--format", "form", type=click.Choice(FORMATS), help="Default: by the file's ending, or png.")
    return output_options(form(command))


@click.group("plot", short_help="Draw a timeline, a comparison or the statuses.")
def command() -> None:
    """Draw a timeline, a comparison or the statuses: as PNG, as SVG, or as a page that tells its numbers.

    A picture can be passed on alone: in it stand what is counted and as of when, what is not drawn, the ledger's head
    and whom to credit. It is made from the public view of the ledger (see: lossledger setting). A page holds all
    that it needs and asks no network for anything.

    \b
    Examples:
      lossledger plot timeline -o losses.png
      lossledger plot compare --every month -o ratio.svg
      lossledger plot statuses --side russia -o statuses.html
    """


@command.command("timeline", short_help="Running totals over time.")
@every_option
@click.option("--by", metavar="WORD,...", multiple=True, help=f"A line for each of: {', '.join(GROUPINGS)}.")
@scope_options
@joined_option
@_picture_options
@pass_app
def timeline(app: App, /, **given: Any) -> None:
    """Draw running totals over time, and what happened in each period.

    The seven longest lines are drawn, each with its name at its end. Losses that no period can be told for are not
    drawn; the picture says how many these are.

    \b
    Examples:
      lossledger plot timeline -o losses.png
      lossledger plot timeline --by category --side armenia --every day -o armenia.svg
    """

    def draw(public: "PublicCopy") -> "Spec":
        from lossledger.cli.plotted import of_timeline
        from lossledger.cli.timeline import read_timeline

        return of_timeline(public, read_timeline(public.connection, given, people=True), given)

    _plot(app, given, draw)


@command.command("compare", short_help="Two sides, by heading or over time.")
@sides_option
@click.option(
    "--by", metavar="WORD,...", multiple=True, help=f"Bars for each of: {', '.join(COMPARED_BY)}. Default: category."
)
@click.option("--every", type=click.Choice(UNITS), help="Lines over time, with the ratio under them.")
@scope_options
@joined_option
@_picture_options
@pass_app
def compare(app: App, /, **given: Any) -> None:
    """Draw two sides against each other: by heading, or with --every over time.

    \b
    Examples:
      lossledger plot compare -o sides.png
      lossledger plot compare --every month --category tanks -o tanks.html
    """

    def draw(public: "PublicCopy") -> "Spec":
        from lossledger.cli.plotted import of_ratios, of_sides

        if given["every"] and given["by"]:
            raise Refused("a picture shows two sides by --by or over time with --every; leave one of them out")
        found = read_sides(public.connection, given)
        return of_ratios(public, found, given) if found.timeline else of_sides(public, found, given)

    _plot(app, given, draw)


@command.command("statuses", short_help="What became of the losses of each side.")
@click.option(
    "--by", metavar="WORD", default="category", type=click.Choice(COMPARED_BY), show_default=True, help="What a bar is."
)
@scope_options
@joined_option
@_picture_options
@pass_app
def statuses(app: App, /, **given: Any) -> None:
    """Draw what became of the losses of each side.

    \b
    Examples:
      lossledger plot statuses -o statuses.png
      lossledger plot statuses --side armenia --by type --category tanks -o tanks.svg
    """

    def draw(public: "PublicCopy") -> "Spec":
        from lossledger.cli.plotted import of_statuses

        return of_statuses(public, given)

    _plot(app, given, draw)


@command.command("claims", short_help="What is claimed, beside what is documented.")
@timeless_options
@click.option("--counted-by", metavar="TEXT", help="Only claims of those whose name contains this.")
@joined_option
@_picture_options
@pass_app
def claims(app: App, /, **given: Any) -> None:
    """Draw what is claimed over time beside what is documented as of the same days: up to six series.

    \b
    Example:
      lossledger plot claims --side russia --category tanks -o claims.png
    """

    def draw(public: "PublicCopy") -> "Spec":
        from lossledger.cli.plotted import of_claims

        return of_claims(public, *read_claims(public.connection, given | {"latest": False}))

    _plot(app, given, draw)


def _plot(app: App, given: dict[str, Any], draw: "Callable[[PublicCopy], Spec]") -> None:
    """Draw from the public copy, and write the picture where it is wanted."""
    form = _form(given["form"], given["output"])
    place = destination(given["output"], "a picture", force=given["force"])
    if place is None and sys.stdout.isatty():
        raise Refused("a picture is nothing for a terminal; say where it goes: -o FILE")
    try:
        from lossledger.exports import pictures
    except ModuleNotFoundError:
        raise LedgerError("drawing needs two more packages: pip install 'lossledger[plot]'") from None
    from lossledger.ledger.public_copy import public_copy

    with public_copy(app.engine()) as public:
        picture = pictures.drawn(form, draw(public))
    if place is None:
        click.echo(picture, nl=False)
        return
    with appearing(place) as file:
        file.write(picture)
    app.say(f"{place}: {len(picture):,} bytes")


def _form(form: str | None, output: str | None) -> str:
    """The kind of picture: what was asked for, or what the file's name says. Errors: Refused where it says none."""
    ending = Path(output).suffix.lower().removeprefix(".") if output not in (None, "-") else ""
    if form is None and ending and ending not in FORMATS:
        raise Refused(f"a picture ends in {', '.join(f'.{one}' for one in FORMATS)}, or say which with --format")
    return form or ending or "png"
