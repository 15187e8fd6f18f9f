"""Pictures of wrecks that never were, and what becomes of pictures on their way through channels and archives.

Every picture follows from its seed: a sky, a country of several grains under it or seen from above, trees, smoke, and a
vehicle or two. A third are as a drone shows them, grey, with the same signs over each. Every fifth is the same place as
the one before it, with another vehicle: what a likeness must tell apart.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

SIZES = ((800, 600), (960, 540), (720, 720), (600, 800))
"""Width and height, in pixels, as cameras and telephones have them."""


def originals(count: int, seed: int = 1) -> list[Image.Image]:
    """So many different pictures; the same ones for the same seed."""
    return [picture(seed, number) for number in range(count)]


def picture(seed: int, number: int) -> Image.Image:
    """One picture of a series."""
    same_place = number % 5 == 4
    ground = Random(f"{seed}/{number - same_place}")
    things = Random(f"{seed}/{number}/things")
    image, horizon = _country(ground)
    for _ in range(2 if things.random() < 0.2 else 1):
        _vehicle(image, things, horizon)
    if things.random() < 0.4:
        image = _smoke(image, things)
    image = _grained(image, things)
    return _from_a_drone(image, things) if ground.random() < 0.33 else image


def _country(random: Random) -> tuple[Image.Image, int]:
    """A place without anything in it, and where its horizon is; at the top for one seen from above."""
    size = random.choice(SIZES)
    width, height = size
    horizon = 0 if random.random() < 0.35 else int(height * random.uniform(0.15, 0.6))
    ground = ImageOps.colorize(_grains(random, size), *_two_of(random, _EARTHS))
    if horizon:
        sky = Image.linear_gradient("L").resize((width, horizon))
        above = ImageOps.colorize(Image.blend(sky, _grains(random, (width, horizon)), 0.4), *_two_of(random, _SKIES))
        ground.paste(above, (0, 0))
    draw = ImageDraw.Draw(ground)
    for _ in range(random.randrange(6)):
        _field(draw, random, size, horizon)
    for _ in range(random.randrange(14)):
        _tree(draw, random, size, horizon)
    return ground, horizon


_EARTHS = ("#2b2a1c", "#4a4a2a", "#6b5b3e", "#8a7b56", "#b9a77c", "#3f5a2e", "#73853f", "#cfd3d6", "#5a4632")
_SKIES = ("#6f8fb3", "#9fb8cc", "#c9d3d9", "#e6e2d6", "#46525e", "#b48a6a")
_PAINTS = ("#3c4630", "#59603f", "#6d6350", "#2e2b27", "#7a4a30", "#181614", "#a59b7d")


def _two_of(random: Random, colours: tuple[str, ...]) -> tuple[str, str]:
    one, other = random.sample(colours, 2)
    return one, other


def _grains(random: Random, size: tuple[int, int]) -> Image.Image:
    """Noise of several grains, the coarse ones strongest."""
    summed = Image.new("L", size, 128)
    for cells, share in ((3, 0.6), (7, 0.45), (17, 0.35), (61, 0.25)):
        noise = Image.frombytes("L", (cells, cells), random.randbytes(cells * cells))
        summed = Image.blend(summed, noise.resize(size, Image.Resampling.BICUBIC), share)
    return ImageOps.autocontrast(summed)


def _field(draw: ImageDraw.ImageDraw, random: Random, size: tuple[int, int], horizon: int) -> None:
    """A field, a road or a roof: a four-cornered patch."""
    width, height = size
    x, y = random.uniform(-0.2, 0.9) * width, random.uniform(horizon, height)
    wide, high = random.uniform(0.1, 0.7) * width, random.uniform(0.03, 0.2) * height
    lean = random.uniform(-0.4, 0.4) * width
    corners = [(x, y), (x + wide, y + random.uniform(-0.1, 0.1) * height), (x + wide + lean, y + high)]
    draw.polygon([*corners, (x + lean, y + high)], fill=random.choice(_EARTHS))


def _tree(draw: ImageDraw.ImageDraw, random: Random, size: tuple[int, int], horizon: int) -> None:
    width, height = size
    x, y = random.random() * width, horizon + random.random() ** 2 * (height - horizon)
    crown = random.uniform(0.02, 0.1) * height
    draw.line((x, y, x, y + 2 * crown), fill="#2a2118", width=max(2, int(crown / 6)))
    draw.ellipse((x - crown, y - crown, x + crown, y + crown), fill=random.choice(("#22301c", "#35482a", "#4d4a2c")))


def _vehicle(image: Image.Image, random: Random, horizon: int) -> None:
    """A hull on wheels with a turret and perhaps a gun, whole or burnt, from a fifth to half of the picture wide."""
    width, height = image.size
    draw = ImageDraw.Draw(image)
    long = random.uniform(0.2, 0.55) * width
    high = long * random.uniform(0.15, 0.3)
    x = random.uniform(0.02, 0.98 - long / width) * width
    y = random.uniform(min(horizon / height + 0.1, 0.65), 0.8) * height
    paint, dark = random.choice(_PAINTS), "#0d0c0a"
    slope = random.uniform(0.05, 0.3) * long
    draw.polygon([(x, y + high), (x + slope, y), (x + long - slope / 2, y), (x + long, y + high)], fill=paint)
    wheels = random.randrange(3, 8)
    across = long / wheels
    for number in range(wheels):
        left = x + number * across
        draw.ellipse((left, y + high * 0.7, left + across * 0.9, y + high * 0.7 + across * 0.9), fill=dark)
    middle = x + long * random.uniform(0.3, 0.7)
    half, up = long * random.uniform(0.1, 0.22), high * random.uniform(0.4, 1.0)
    draw.rectangle((middle - half, y - up, middle + half, y), fill=paint, outline=dark, width=3)
    if random.random() < 0.6:
        reach, tilt = random.choice((-1, 1)) * random.uniform(0.3, 0.7) * long, random.uniform(-0.3, 0.1) * high
        draw.line((middle, y - up / 2, middle + reach, y - up / 2 + tilt), fill=dark, width=max(4, int(high / 8)))
    for _ in range(random.randrange(4)):  # a tactical sign, or what was burnt
        left, top = x + random.random() * long * 0.8, y + random.random() * high * 0.5
        draw.rectangle((left, top, left + long * 0.08, top + high * 0.3), fill=random.choice(("#e8e4da", dark)))


def _smoke(image: Image.Image, random: Random) -> Image.Image:
    width, height = image.size
    cloud = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(cloud)
    x, y, puff = random.random() * width, random.uniform(0.3, 0.7) * height, random.uniform(0.02, 0.05) * width
    while y > -puff and puff < width:
        draw.ellipse((x - puff, y - puff, x + puff, y + puff), fill=random.randrange(120, 230))
        x, y, puff = x + random.uniform(-0.5, 1.2) * puff, y - puff, puff * random.uniform(1.02, 1.3)
    colour = random.choice(("#1a1816", "#d9d6d0", "#6a6560"))
    return Image.composite(Image.new("RGB", image.size, colour), image, cloud.filter(ImageFilter.GaussianBlur(12)))


def _grained(image: Image.Image, random: Random) -> Image.Image:
    """With the noise of a sensor."""
    width, height = (side // 2 for side in image.size)
    noise = Image.frombytes("L", (width, height), random.randbytes(width * height)).resize(image.size)
    return Image.blend(image, noise.convert("RGB"), random.uniform(0.02, 0.1))


def _from_a_drone(image: Image.Image, random: Random) -> Image.Image:
    """Grey, under the cross and the figures that every drone of one make shows at the same place."""
    grey = ImageOps.autocontrast(image.convert("L")).convert("RGB")
    width, height = grey.size
    draw = ImageDraw.Draw(grey)
    for line in ((0.42, 0.5, 0.48, 0.5), (0.52, 0.5, 0.58, 0.5), (0.5, 0.42, 0.5, 0.48), (0.5, 0.52, 0.5, 0.58)):
        draw.line([share * side for share, side in zip(line, (width, height) * 2, strict=True)], fill="white", width=3)
    for place, figures in (((0.03, 0.04), 9), ((0.75, 0.04), 7), ((0.03, 0.93), 12)):
        _writing(draw, random, (place[0] * width, place[1] * height), figures, height * 0.03)
    return grey


def _writing(draw: ImageDraw.ImageDraw, random: Random, place: tuple[float, float], signs: int, high: float) -> None:
    """What looks like writing from afar."""
    x, y = place
    for number in range(signs):
        left = x + number * high * 0.7
        draw.line((left, y, left, y + high), fill="white", width=2)
        for bar in range(3):
            if random.random() < 0.6:
                draw.line((left, y + bar * high / 2, left + high * 0.45, y + bar * high / 2), fill="white", width=2)


def rescaled(image: Image.Image) -> Image.Image:
    """At half its width and height."""
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def recompressed(image: Image.Image) -> Image.Image:
    """As a JPEG of quality 40."""
    return Image.open(BytesIO(encoded(image, "JPEG", quality=40)))


def cropped(image: Image.Image, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Image.Image:
    """Without a share of its width and height at each side."""
    width, height = image.size
    box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    return image.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3])))


def brightened(image: Image.Image) -> Image.Image:
    """A fifth brighter, and of more contrast."""
    return ImageEnhance.Contrast(ImageEnhance.Brightness(image).enhance(1.2)).enhance(1.15)


def captioned(image: Image.Image) -> Image.Image:
    """With a channel's name written over a strip at its lower edge, and a sign in a corner."""
    width, height = image.size
    marked = image.copy()
    draw = ImageDraw.Draw(marked)
    draw.rectangle((0, height * 0.93, width, height), fill="black")
    _writing(draw, Random(7), (width * 0.04, height * 0.945), 16, height * 0.035)
    draw.ellipse((width * 0.88, height * 0.04, width * 0.96, height * 0.04 + width * 0.08), fill="#c23b2a")
    return marked


ALTERATIONS: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "half the size": rescaled,
    "JPEG of quality 40": recompressed,
    "4 % off two sides": lambda image: cropped(image, left=0.04, bottom=0.04),
    "brighter, more contrast": brightened,
    "a caption and a sign": captioned,
}
"""What happens to a picture that is passed on."""


def encoded(image: Image.Image, form: str = "PNG", **options: int) -> bytes:
    """A picture as a file."""
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()
