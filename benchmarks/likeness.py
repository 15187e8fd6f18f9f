"""Near-identical pictures: which altered copies are found, which different pictures are taken for one, how quickly.

    python -m benchmarks.likeness [--pictures N] [--largest N]

The pictures are those that the tests make, see `benchmarks/pictures.py`. Each alteration is measured at several
thresholds: of how many copies the original is found, and how many others are found with it. Every fifth picture shows
the same place as the one before, with another vehicle. The search is measured on hashes drawn at random, with some
planted near others.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from random import Random

from PIL import Image

from benchmarks.pictures import ALTERATIONS, captioned, cropped, encoded, originals, recompressed, rescaled
from benchmarks.timing import print_table
from lossledger.core.nearness import BITS, WITHIN, Hashes, distance, hashes_of, near
from lossledger.evidence.likeness import likeness

THRESHOLDS = (8, WITHIN, 12, 14, 16)

MORE: dict[str, Callable[[Image.Image], Image.Image]] = {
    "3 % off one side": lambda image: cropped(image, left=0.03),
    "5 % off one side": lambda image: cropped(image, bottom=0.05),
    "6 % off one side": lambda image: cropped(image, right=0.06),
    "8 % off one side": lambda image: cropped(image, top=0.08),
    "3 % off two sides": lambda image: cropped(image, top=0.03, right=0.03),
    "6 % off two sides": lambda image: cropped(image, top=0.06, left=0.06),
    "8 % off two sides": lambda image: cropped(image, bottom=0.08, right=0.08),
    "3 % and 7 % off": lambda image: cropped(image, left=0.07, bottom=0.03),
    "5 % off all sides": lambda image: cropped(image, 0.05, 0.05, 0.05, 0.05),
    "10 % off one side": lambda image: cropped(image, left=0.1),
    "4 % off, half, q. 40": lambda image: recompressed(rescaled(cropped(image, left=0.04, bottom=0.04))),
    "turned by 2 degrees": lambda image: image.rotate(2, Image.Resampling.BICUBIC),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "caption, half size": lambda image: rescaled(captioned(image)),
}


def hashed(image: Image.Image, folder: Path) -> Hashes:
    """The hashes of a picture, by way of a file."""
    file = folder / "picture"
    file.write_bytes(encoded(image, "PNG", compress_level=1))
    found = hashes_of(likeness(file) or "")
    if found is None:
        raise RuntimeError("a picture that the tests make has no likeness")
    return found


def recall(pictures: list[Image.Image], known: list[Hashes], folder: Path) -> Iterator[list[str]]:
    """A row for each alteration: the share of copies found at each threshold, and others found with them."""
    for name, alter in {**ALTERATIONS, **MORE}.items():
        copies = [hashed(alter(image), folder) for image in pictures]
        own = [distance(one, copy) for one, copy in zip(known, copies, strict=True)]
        others = [
            distance(one, copy) for at, one in enumerate(known) for place, copy in enumerate(copies) if at != place
        ]
        shares = [f"{sum(apart <= most for apart in own) / len(own):.1%}" for most in THRESHOLDS]
        yield [name, *shares, str(sum(apart <= WITHIN for apart in others)), str(min(others))]


def originals_apart(known: list[Hashes]) -> list[list[str]]:
    """How near the nearest of different pictures come, and how many would be taken for one."""
    twins = {(place - 1, place) for place in range(4, len(known), 5)}
    every = {two: distance(known[two[0]], known[two[1]]) for two in combinations(range(len(known)), 2)}
    kinds = {
        "the same place, another vehicle": [every[two] for two in twins],
        "different places": [apart for two, apart in every.items() if two not in twins],
    }
    return [
        [name, f"{len(apart):,}", *(str(sum(one <= most for one in apart)) for most in THRESHOLDS), str(min(apart))]
        for name, apart in kinds.items()
    ]


def search(number: int) -> list[str]:
    """Among so many pictures with hashes drawn at random, with one in a hundred planted near another."""
    random = Random(number)
    pictures = [[random.getrandbits(BITS) for _ in range(20)] for _ in range(number)]
    for place in range(0, number, 100):
        apart = sum(1 << bit for bit in random.sample(range(BITS), random.randrange(WITHIN + 1)))
        pictures[place + 50][random.randrange(20)] = pictures[place][0] ^ apart
    began = time.process_time()
    found = near([tuple(hashes) for hashes in pictures])
    return [f"{number:,} pictures", f"{time.process_time() - began:.2f} s", str(len(found)), str(number // 100)]


def main() -> None:
    """The pictures first, then the search."""
    parser = argparse.ArgumentParser(description="Near-identical pictures: recall, false pairs, speed.")
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--largest", type=int, default=30_000, help="leave out searches among more pictures")
    given = parser.parse_args()
    gc.disable()  # as the program has it
    with tempfile.TemporaryDirectory() as folder:
        pictures = originals(given.pictures)
        began = time.process_time()
        known = [hashed(image, Path(folder)) for image in pictures]
        each = (time.process_time() - began) / len(known)
        header = [f"within {most}" for most in THRESHOLDS]
        print(f"{each * 1000:.0f} ms a picture, writing and reading it included\n")
        print_table(("different pictures", "pairs", *header, "nearest"), originals_apart(known))
        print()
        print_table(("altered copies", *header, "others found", "nearest"), list(recall(pictures, known, Path(folder))))
    print()
    sizes = [number for number in (1_000, 3_000, 10_000, 30_000) if number <= given.largest]
    print_table(("", "search", "found", "planted"), [search(number) for number in sizes])


if __name__ == "__main__":
    main()
