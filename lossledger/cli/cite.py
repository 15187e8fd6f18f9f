"""``cite``: a citation of a tally."""

from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.scope import scope_of, scope_options

_FORMATS = ("text", "bibtex", "csl-json")


@click.command("cite", short_help="Print a citation of a tally.")
@scope_options
@click.option("--joined", is_flag=True, help="Sum over feeds what is not merged.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="How it is written."
)
@pass_app
def command(app: App, /, form: str, **given: Any) -> None:
    """Print a citation of a tally: its figures, what they are narrowed to, and the entry that fixes them.

    The options narrow as those of "tally" do. The same figure is had again by "tally" with the same options and
    --release, or --known-on with the entry's number; "audit --expect-head" proves that the journal still is the one
    which was cited. Who publishes the list, its title and its address are settings: site.publisher, site.title,
    site.url.

    \b
    Examples:
      lossledger cite
      lossledger cite --release "Spring 2021" --side armenia --category tanks
      lossledger cite --as-of 2020-11-10 --format bibtex >> references.bib
    """
    from lossledger.exports.citation import FORMATS
    from lossledger.queries.candidates import with_candidates
    from lossledger.queries.citations import citation
    from lossledger.queries.tallies import tally

    with app.reading() as connection:
        scope = scope_of(connection, given, ("confirmed",))
        counted = with_candidates(connection, tally(connection, scope, ("side", "feed")))
        cited = citation(connection, counted)
    click.echo(FORMATS[form](cited), nl=False)
