"""Open data as Parquet: typed columns, with what the file is in its metadata."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any

import orjson

from lossledger.errors import Refused
from lossledger.exports.about import About
from lossledger.exports.rows import Row
from lossledger.exports.tables import Column, Form, Table

MISSING = "Parquet needs pyarrow: pip install 'lossledger[parquet]'"

_AT_ONCE = 20_000
"""How many rows are held, and written as one group."""


def write_parquet(table: Table, about: About, out: IO[bytes]) -> None:
    """Write a table. Errors: Refused where pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise Refused(MISSING) from None
    types = {
        Form.TEXT: pa.string(),
        Form.WHOLE: pa.int64(),
        Form.DEGREES: pa.float64(),
        Form.DAY: pa.date32(),
        Form.INSTANT: pa.timestamp("us", tz="UTC"),
        Form.FLAG: pa.bool_(),
    }
    schema = pa.schema(
        [pa.field(one.name, types[one.form], metadata={"description": one.meaning}) for one in table.columns],
        metadata={"lossledger": orjson.dumps(about.fields()), "title": about.title},
    )
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _some(table):
            arrays = [
                _array(column, values, schema.field(column.name).type)
                for column, values in zip(table.columns, zip(*rows, strict=True), strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _some(table: Table) -> Iterator[list[Row]]:
    rows = iter(table.rows)
    while some := list(islice(rows, _AT_ONCE)):
        yield some


def _array(column: Column, values: Sequence[object], wanted: Any) -> Any:
    """The cells of a column as Arrow has them; days and instants are read from their texts."""
    import pyarrow as pa

    if column.form in (Form.DAY, Form.INSTANT):
        return pa.array(values, pa.string()).cast(wanted)
    return pa.array(values, wanted)
