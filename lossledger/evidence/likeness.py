"""What near-identical pictures have alike: perceptual hashes of a picture, of its middle and of it cut a little.

A file comes from anywhere. So only a few formats are read, none that would unfold to more than a camera takes, and
whatever breaks its reader has no likeness.
"""

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from lossledger.core.nearness import likeness_of
from lossledger.errors import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")
"""The media types of the pictures that have a likeness; of what moves, the first picture counts."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

_MOST_PIXELS = 128_000_000
"""More than telephones take, and as many as memory has room for."""

_LEAST_SIDE = 32
"""Smaller ones are signs and pixels that count readers."""

_SIDE = 256
"""What is hashed is made so wide and high first: finer things than its hashes tell apart are gone by then."""

_HASHED = 48
"""Pixels to a side of what a hash is made of, four for each of its twelve rows and columns."""

_PLAIN = 1.5
"""How much a picture must differ from itself blurred, in shades of grey of 255, so as to be like no other by chance."""

_Cut = tuple[float, float, float, float]
"""Which share of a picture is left out at its left, top, right and lower edge."""

_EDGE = 0.07
_LITTLE, _MORE = 0.04, 0.075
_AT_ONE_SIDE = [tuple(cut if side == at else 0.0 for side in range(4)) for at in range(4) for cut in (_LITTLE, _MORE)]
_AT_A_CORNER = [
    tuple(cut if side in (across, down) else 0.0 for side in range(4))
    for across, down, cut in product((0, 2), (1, 3), (_LITTLE, _MORE))
]
_AT_TWO_ENDS = [(_LITTLE, 0.0, _LITTLE, 0.0), (0.0, _LITTLE, 0.0, _LITTLE)]
_CUTS: list[_Cut] = [(0, 0, 0, 0), (_EDGE,) * 4, *_AT_ONE_SIDE, *_AT_A_CORNER, *_AT_TWO_ENDS]  # type: ignore[list-item]


def likeness(path: Path) -> str | None:
    """What near-identical pictures have alike, as a line of text (`core.nearness`).

    None of what is no picture, too plain to be told from others, too small or too large, or cannot be read. Errors:
    Refused where the libraries that make it are not installed.
    """
    try:
        import imagehash  # noqa: F401 - both are needed
        from PIL import Image  # noqa: F401
    except ModuleNotFoundError:
        raise Refused(
            "the likeness of pictures needs a few more packages: pip install 'lossledger[evidence]'"
        ) from None
    try:
        small = _small(path)
    except Exception:  # noqa: BLE001 - a file made to break its reader is like no other
        return None
    return None if small is None or _is_plain(small) else likeness_of(tuple(_hash(small, cut) for cut in _CUTS))


def _small(path: Path) -> "Image | None":
    """A picture upright, grey, on white where one sees through it, and square; None where it is too small or large."""
    import warnings

    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of sizes that are looked at here
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS or min(image.size) < _LEAST_SIDE:
                return None
            image.draft("L", (2 * _SIDE, 2 * _SIDE))
            upright = ImageOps.exif_transpose(image)
            if upright.has_transparency_data:
                seen = upright.convert("RGBA")
                upright = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
            elif upright.mode.startswith("I"):  # sixteen bits, of which the upper ones are seen
                upright = upright.point(lambda shade: shade / 256).convert("L")
            return upright.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)


def _is_plain(small: "Image") -> bool:
    """Whether there is next to nothing in a picture: a black frame is like every other black frame."""
    from PIL import Image, ImageChops, ImageFilter, ImageStat

    seen = small.resize((_HASHED, _HASHED), Image.Resampling.LANCZOS)
    mean: float = ImageStat.Stat(ImageChops.difference(seen, seen.filter(ImageFilter.BoxBlur(3)))).mean[0]
    return mean < _PLAIN


def _hash(small: "Image", cut: _Cut) -> int:
    import imagehash
    from PIL import Image

    left, top, right, lower = cut
    box = (left * _SIDE, top * _SIDE, (1 - right) * _SIDE, (1 - lower) * _SIDE)
    return int(str(imagehash.phash(small.resize((_HASHED, _HASHED), Image.Resampling.LANCZOS, box), _HASHED // 4)), 16)
