"""The columns of the open data in their order. Both stay: what is new comes at the end, and nothing is renamed."""

from collections.abc import Mapping

from lossledger.exports.tables import Column, Form

T, N, D, F = Form.TEXT, Form.WHOLE, Form.DAY, Form.FLAG


def _columns(*columns: tuple[str, Form, str]) -> tuple[Column, ...]:
    return tuple(Column(*column) for column in columns)


LOSSES = _columns(
    ("id", T, "the loss, for good"),
    ("side", T, "who lost it"),
    ("type", T, "the type of equipment; empty where it is not given"),
    ("candidates", T, "the types that it may be of, between bars, where that is open"),
    ("category", T, "the heading that it counts under"),
    ("group", T, "the group of that heading"),
    ("quantity", N, "how many"),
    ("counts", T, "item: one thing seen; aggregate: a number that somebody gave"),
    ("status", T, "what the first report says became of it"),
    ("outcome", T, "what has become of it by now, or by the day asked for"),
    ("counted", F, "whether it counts: not withdrawn, not merged into another, not recovered by its owner"),
    ("verification", T, "how far it is believed"),
    ("verified_by", T, "who confirmed, disputed or rejected it; people here only where they are named in public"),
    ("day", D, "the day that it goes by"),
    ("day_inferred", F, "whether that day is inferred"),
    ("earliest", D, "the first day on which it may have happened"),
    ("latest", D, "the last day on which it may have happened"),
    ("reported", D, "the day on which it was reported"),
    ("place", T, "where, in the report's words"),
    ("latitude", Form.DEGREES, "degrees north, WGS 84, as exact as the public view has them"),
    ("longitude", Form.DEGREES, "degrees east, WGS 84, as exact as the public view has them"),
    ("unit", T, "the unit that lost it"),
    ("cause", T, "what caused it"),
    ("captor", T, "who captured it"),
    ("name", T, "its own name or number"),
    ("fittings", T, "what it was fitted with"),
    ("circumstance", T, "how it came about"),
    ("phrase", T, "the report's own words for what became of it"),
    ("tags", T, "tags, between bars"),
    ("note", T, "a note; only where notes are public"),
    ("sources", N, "how many sources speak of it"),
    ("links", T, "their links, between bars"),
    ("held", F, "whether a file of one of them is held"),
    ("feed", T, "the list that it comes from"),
    ("feed_key", T, "its key in that list"),
    ("merged_into", T, "the loss that it is the same as"),
    ("split_from", T, "the loss that it was a part of"),
    ("withdrawn", F, "whether it was taken out of the count"),
)

EVIDENCE = _columns(
    ("loss", T, "the loss"),
    ("id", T, "the piece of evidence, for good"),
    ("relation", T, "what the source does with the loss: reports, admits, confirms, disputes"),
    ("field", T, "what it disputes; empty for the loss itself"),
    ("says", T, "what it says instead"),
    ("credibility", T, "Admiralty code 1 to 6; empty where nobody has judged it"),
    ("note", T, "a note; only where notes are public"),
    ("source", T, "the source"),
    ("url", T, "its link"),
    ("title", T, "its title"),
    ("publisher", T, "who published it"),
    ("reliability", T, "of the source, Admiralty code A to F; empty where nobody has judged it"),
)

SOURCES = _columns(
    ("id", T, "the source, for good"),
    ("url", T, "its link"),
    ("title", T, "its title"),
    ("publisher", T, "who published it"),
    ("author", T, "who wrote it"),
    ("party", T, "the party that speaks"),
    ("earliest", D, "the first day on which it may have been published"),
    ("latest", D, "the last day on which it may have been published"),
    ("day_inferred", F, "whether these days are inferred"),
    ("kind", T, "press, official, blog, post, video, image, dataset, other"),
    ("reliability", T, "Admiralty code A to F; empty where nobody has judged it"),
    ("archived", T, "the link to a copy in an archive"),
    ("health", T, "what the last look at its link found; empty where nobody has looked"),
    ("looked_at", Form.INSTANT, "when that was, UTC"),
    ("gone_on", D, "the day on which it was first found gone"),
    ("files", N, "how many files of it are held"),
    ("losses", N, "how many of the losses in this export rest on it"),
    ("note", T, "a note; only where notes are public"),
)

PUBLISHED = _columns(
    ("id", T, "the published count, for good"),
    ("kind", T, "assertion: the ledger should come to it; claim: shown beside the ledger's"),
    ("counted_by", T, "who counted"),
    ("side", T, "whose losses"),
    ("own", F, "whether without the sides under that side"),
    ("wording", T, "what is counted, in their words"),
    ("categories", T, "the headings that these words mean, between bars"),
    ("groups", T, "the groups that they mean, between bars"),
    ("types", T, "the types that they mean, between bars"),
    ("statuses", T, "the statuses that they mean, between bars"),
    ("span", T, "cumulative: from the beginning; increment: a period of its own"),
    ("since", D, "the first day that it covers"),
    ("as_of", D, "the last day that it covers"),
    ("day_inferred", F, "whether these days are inferred"),
    ("quantity", N, "their count"),
    ("unit", T, "what it counts: items, or another unit, which is never compared"),
    ("bound", T, "how it is meant: exact, about, at least, at most"),
    ("caveat", T, "what has to be known beside it"),
    ("feed", T, "the list that it is a count of"),
    ("source", T, "the source that it stands in"),
    ("ours", N, "what this ledger counts in the same scope; empty where the two cannot be compared"),
    ("difference", N, "ours less theirs"),
    ("verdict", T, "how the two go together"),
)

TALLIED = {
    "side": "who lost it; rows are disjoint: a side's does not hold those of the sides under it",
    "category": "the heading",
    "group": "the group of headings",
    "type": "the type of equipment; empty where it is not given",
    "status": "what became of it",
    "verification": "how far it is believed",
    "feed": "the list; one loss may stand in several, so feeds are not to be summed",
    "day": "the day; day not given where it is not known so finely",
    "week": "the week (ISO 8601); day not given where it is not known so finely",
    "month": "the month; day not given where it is not known so finely",
    "year": "the year; day not given where it is not known so finely",
}
"""What a tally can be taken by, and what such a column means."""

QUANTITY = Column("quantity", N, "how many items")
UP_TO = Column("up_to", N, "how many with those that may be of these types as well")


def tally_columns(by: tuple[str, ...], *, bounded: bool) -> tuple[Column, ...]:
    """The columns of a tally; ``bounded`` where some types are asked for, of which there may be more."""
    return (*(Column(name, T, TALLIED[name]) for name in by), QUANTITY, *((UP_TO,) if bounded else ()))


TALLY = ("side", "category", "status", "feed")
"""What a tally is taken by unless something else is asked for. It always has the feed."""

TIMELINE = ("side", "feed")
"""What a timeline has a series for each of, unless something else is asked for. It always has the feed."""


def timeline_columns(by: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a timeline."""
    return (*(Column(name, T, TALLIED[name]) for name in by), *_PERIOD)


_PERIOD = _columns(
    ("period", T, "the day, week (ISO 8601), month or year; empty for what is not dated so finely"),
    ("begins", D, "its first day"),
    ("ends", D, "its last day, or the last day asked for where that is earlier"),
    ("increment", N, "how many items were lost in it"),
    ("total", N, "the running total at its end; empty where there is no period"),
    (
        "incomplete",
        F,
        "whether more is to be expected: by the measured delay, or as a list or the days asked for end in it",
    ),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "losses": LOSSES,
    "evidence": EVIDENCE,
    "sources": SOURCES,
    "tally": tally_columns(TALLY, bounded=False),
    "timeline": timeline_columns(TIMELINE),
    "published": PUBLISHED,
}
"""Every table that is written, with its columns."""
