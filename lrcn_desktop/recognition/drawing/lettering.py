"""Text and rounded bars as masks to paste through, drawn once and kept; without Qt."""

from collections.abc import Iterator
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

# Regular and bold of what the systems bring, by file name; the first that has every character.
_FAMILIES = (
    *(("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"), ("segoeui.ttf", "seguisb.ttf")),
    *(("Arial.ttf", "Arial Bold.ttf"), ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")),
    *(("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),),
    *(("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"), ("msyh.ttc", "msyhbd.ttc")),
    *(("YuGothM.ttc", "YuGothB.ttc"), ("malgun.ttf", "malgunbd.ttf")),
    *(("Hiragino Sans GB.ttc",) * 2, ("AppleSDGothicNeo.ttc",) * 2, ("wqy-microhei.ttc",) * 2),
    *(("Nirmala.ttf", "NirmalaB.ttf"), ("Arial Unicode.ttf",) * 2),
    *(("NotoSansDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf"),),
    *(("NotoSansThai-Regular.ttf", "NotoSansThai-Bold.ttf"),),
)
_FINE = 4  # shapes are drawn this many times as large, for smooth edges


@lru_cache(maxsize=512)
def text_mask(text: str, size: int, bold: bool, room: int) -> tuple[Image.Image, int]:
    """Return a mask of `text` in one line and how far its base line lies below the mask's top.

    Args:
        text: In one line; cut off with an ellipsis where it is too long.
        size: Of the letters, in pixels.
        bold: Whether it stands out.
        room: The most pixels that it may be wide.
    """
    line = " ".join(text.split())
    font = _font_for(line, size, bold)
    line = _elided(line, font, room)
    left, top, right, bottom = font.getbbox(line, anchor="ls")
    mask = Image.new("L", (max(1, int(right - left)), max(1, int(bottom - top))))
    ImageDraw.Draw(mask).text((-left, -top), line, fill=255, font=font, anchor="ls")
    return mask, -int(top)


@lru_cache(maxsize=2048)
def rounded_mask(width: int, height: int, radius: int, opacity: int) -> Image.Image:
    """Return a mask of a filled rectangle with round corners; `opacity` in 0..255."""
    fine = Image.new("L", (_FINE * width, _FINE * height))
    box = (0, 0, _FINE * width - 1, _FINE * height - 1)
    ImageDraw.Draw(fine).rounded_rectangle(box, _FINE * radius, fill=opacity)
    return fine.resize((width, height), Image.Resampling.BOX)


def _elided(text: str, font: Font, room: int) -> str:
    if font.getlength(text) <= room:
        return text
    length = len(text)
    while length > 1 and font.getlength(text[:length].rstrip() + "…") > room:
        length -= 1
    return text[:length].rstrip() + "…"


def _font_for(text: str, size: int, bold: bool) -> Font:
    fonts = list(_fonts(size, bold))
    characters = {c for c in text if not c.isspace()}
    complete = (font for font in fonts if all(_has(font, c) for c in characters))
    return next(complete, fonts[0])


def _fonts(size: int, bold: bool) -> Iterator[Font]:
    for family in range(len(_FAMILIES)):
        font = _load(family, size, bold)
        if font is not None:
            yield font
    yield ImageFont.load_default(size)


@cache
def _load(family: int, size: int, bold: bool) -> Font | None:
    try:
        return ImageFont.truetype(_FAMILIES[family][bold], size)
    except OSError:  # this system has no such font
        return None


@lru_cache(maxsize=4096)
def _has(font: Font, character: str) -> bool:
    """Whether a font draws a character as something else than what it lacks."""
    missing = font.getmask("\uffff")
    drawn = font.getmask(character)
    return (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))
