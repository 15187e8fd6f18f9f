"""Citations: what every reader of BibTeX takes, whatever the publisher's name is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.citation import Citation
from lossledger.exports.citation import as_bibtex, as_csl_json, as_text

CITED = Citation(
    key="valley-3",
    title="Documented losses: Valley War",
    within=None,
    publisher=None,
    days="all days",
    figures=("Confirmed only. Redland 2, of which 2 itemised.",),
    release=None,
    withdrawn=None,
    entry=3,
    hash="ab" * 32,
    recorded="2021-06-01",
    credits=(),
    accessed="2021-06-02",
    url=None,
    program="lossledger 1.0",
)


@pytest.mark.parametrize(
    ("written", "tex"),
    [
        ("Łódź", r"{\L}{\'{o}}d{\'{z}}"),
        ("Ağrı", r"A{\u{g}}r{\i}"),
        ("Őrség", r"{\H{O}}rs{\'{e}}g"),
        ("Straße", r"Stra{\ss}e"),
        ("Haïti, Đakovĳa, ĵ, Į", r"Ha{\"\i}ti, {\DJ}akovĳa, {\^\j}, {\k{I}}"),
        ("Київ", "Київ"),
        ("a^b", r"a\textasciicircum{}b"),
    ],
)
def test_letters_are_written_as_tex_knows_them(written: str, tex: str) -> None:
    """Latin ones; others are left to a TeX that reads them."""
    assert f"author = {{{{{tex}}}}}," in as_bibtex(replace(CITED, publisher=written))


@given(st.text(), st.text())
def test_braces_are_balanced_in_every_field(publisher: str, title: str) -> None:
    """As BibTeX counts them, to which a backslash before a brace is nothing special."""
    depth = 0
    for sign in as_bibtex(replace(CITED, publisher=publisher, title=title)):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0


def test_what_is_not_said_is_left_out() -> None:
    assert as_text(CITED) == (
        "Documented losses: Valley War. All days. Confirmed only. Redland 2, of which 2 itemised. "
        "Head 3:abababababab, recorded 2021-06-01. Counted with lossledger 1.0. Accessed 2021-06-02.\n"
    )
    assert "author" not in as_bibtex(CITED)
    assert "author" not in as_csl_json(CITED)
