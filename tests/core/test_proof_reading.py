"""A proof's file comes from anywhere: what is none is told in a line, and nothing else happens."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.build_proof import Example
from lossledger.core.proof import Continuation, Proof, write
from lossledger.core.proof_reading import MAX_BYTES, Malformed, read
from lossledger.core.proving import faults_of_continuation, faults_of_loss, told
from lossledger.errors import BadData

LOSS = write(Example().proof())
CONTINUED = write(Example().continuation())


def wrong(data: str | bytes) -> str:
    """What is said of a file that is no proof."""
    with pytest.raises(Malformed) as refused:
        read(data if isinstance(data, bytes) else data.encode(), "p.json")
    assert isinstance(refused.value, BadData)
    said = str(refused.value)
    assert said.startswith("p.json: ")
    assert said.isprintable()
    assert len(said) < 400
    return said.removeprefix("p.json: ")


def test_what_is_written_is_read_again() -> None:
    for proof in (Example().proof(), Example().continuation()):
        assert read(write(proof).encode(), "p.json") == proof
        assert read(b"\xef\xbb\xbf" + json.dumps(json.loads(write(proof)), indent=4).encode(), "p.json") == proof


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "line 1, column 1: this is no JSON"),
        (b"\xff", "byte 1 is no UTF-8"),
        (b"{}", "this is no proof; `lossledger export --proof ID` and `audit --consistency` write them"),
        (b"[1]", "this is no proof; `lossledger export --proof ID` and `audit --consistency` write them"),
        (b'{"proof":"loss"', "line 1, column 16: this is no JSON"),
        (b'{"proof":1,"proof":2}', "an object: 'proof' stands there twice"),
        (b'{"proof":NaN}', "a number: 'NaN' is no number"),
        (b'{"proof":-Infinity}', "a number: '-Infinity' is no number"),
        (b'{"proof":1e999}', "a number: '1e999' is no whole number"),
        (b'{"proof":9007199254740992}', "a number: '9007199254740992' is out of range"),
        (b'{"proof":[%s]}' % (b"9" * 10_000), f"a number: '{'9' * 59}…' is out of range"),
        (b"[" * 200_000, "it is nested too deeply"),
        (b'{"proof":' * 100_000, "it is nested too deeply"),
        (b'{"proof":"\\u001b[2J"}', r"proof: it is '\x1b[2J', which is neither loss nor consistency"),
        (b'{"proof":["loss"],"format":1}', "proof: it is an array, which is neither loss nor consistency"),
        (b'{"proof":"loss","format":2}', "format: it is 2, and this program knows 1"),
        (b'{"proof":"loss","format":true}', "format: it is true, and this program knows 1"),
        (b'{"proof":"loss","format":1}', "the file: 'head' is missing"),
        (b" " * (MAX_BYTES + 1), "it has more than 8,388,608 bytes; no proof is so large"),
    ],
    ids=range(19),
)
def test_what_is_no_proof_is_told(data: bytes, said: str) -> None:
    assert wrong(data) == said


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('"head":"6:', '"head":"1000000000000000000:', "head: '1000000000000000000:f5f61625"),
        ('"head":"6:', '"head":"999999999999999999:', "head: '999999999999999999:f5f61625c588d1"),
        (":dd63eb", "dd63eb", "head: '6:f5f61625c588d14df1dba90d47807b10f74b5b3482d3e2a9e873178d8…' is no head"),
        ('"loss":"lossbbbbbb"', '"loss":"\\ud800"', r"loss: '\ud800' holds half of a surrogate pair"),
        ('"loss":"lossbbbbbb"', '"loss":"lossbbbbbb","more":1', "the file: 'more' has no meaning there"),
        ('"entries":[', '"entries":[7,', "entry 1 of the file: it is 7, which is no object"),
        ('"of":"loss"', '"of":"lost"', "entry 1 of the file, of: it is 'lost', which is neither loss nor act"),
        ('"of":"loss"', '"of":{}', "entry 1 of the file, of: it is an object, which is neither loss nor act"),
        ("[1,2,", "[1,", "entry 1 of the file, entry: an array has 11 parts, not 12"),
        ("[1,2,", "[1,2.0,", "a number: '2.0' is no whole number"),
        ("[1,2,", '[1,"2",', "entry 1 of the file, entry: '2' stands where a whole number should"),
        ("[[3,", "[[3,0,", "entry 1 of the file, postings: an array has 13 parts, not 12"),
        ("[[3,", "[[null,", "entry 1 of the file, postings: null stands where a whole number should"),
        ('"0a0a', '"0A0a', "entry 1 of the file, details: '0A0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a' is not 16 bytes in low"),
        ('"0a0a', '"0a', "entry 1 of the file, details: '0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a' is not 16 bytes in lower-c"),
        ('"category","tanks"]', '"category","tanks",1]', "entry 1 of the file, details: one has neither three parts"),
        ('"path":"Kg', '"path":"K+', "entry 1 of the file, path: 'K+Ro3QXVqgM9wwLw9HkB9MnkGpuXzQdemd8NYeXf1"),
        ('"path":"Kg', '"path":"K', "entry 1 of the file, path: 'KRo3QXVqgM9wwLw9HkB9MnkGpuXzQdemd8NYeXf1-"),
        ('vJZQ"}', 'vJZR"}', "entry 4 of the file, path: 'oRk7jlfdZg0FDbrmWrGNy"),
        ('vJZQ"}', 'vJZQ=="}', "entry 4 of the file, path: 'oRk7jlfdZg0FDbrmWrGNy"),
        ('vJZQ"}', 'vJZ"}', "entry 4 of the file, path: 'oRk7jlfdZg0FDbrmWrGNy"),
    ],
)
def test_where_it_is_none_is_told(was: str, becomes: str, said: str) -> None:
    assert was in LOSS
    assert wrong(LOSS.replace(was, becomes, 1)).startswith(said)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode()))
def test_whatever_it_is_it_is_told(data: bytes) -> None:
    wrong(data)


@given(st.sampled_from([LOSS, CONTINUED]), values, st.data())
def test_whatever_stands_in_any_place_is_verified_or_told(text: str, value: Any, data: st.DataObject) -> None:
    file = json.loads(text)
    holder: Any = file
    while True:
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        key = data.draw(st.sampled_from(list(keys)))
        if isinstance(holder[key], (dict, list)) and holder[key] and data.draw(st.booleans()):
            holder = holder[key]
            continue
        holder[key] = value
        break
    with suppress(Malformed):
        verified(read(json.dumps(file).encode(), "p.json"))


def verified(proof: Proof) -> None:
    """Verify a proof, and see what it says where it holds."""
    example = Example()
    if isinstance(proof, Continuation):
        faults_of_continuation(proof, example.head(3), example.head(6))
    elif not faults_of_loss(proof, example.head(6)):
        told(proof)
