"""Pictures of an invented game: a meadow, a battle, a menu."""

import io
from functools import cache

from PIL import Image, ImageDraw

__all__ = ["SIZE", "draw_game", "keys_held"]

SIZE = (240, 160)
_TILE = 16
_SCENE_SETS = 180
_GRASS, _GRASS_DARK, _PATH, _WATER, _WATER_LIGHT = (
    (104, 176, 80),
    (88, 156, 68),
    (216, 192, 136),
    (72, 128, 216),
    (120, 176, 240),
)
_INK, _PAPER, _RED, _BLUE, _SKIN = (40, 40, 56), (248, 248, 240), (208, 64, 56), (56, 72, 152), (248, 208, 168)


def draw_game(number: int) -> bytes:
    """Draw the picture of a frame set as PNG."""
    scene = number // _SCENE_SETS % 3
    image = (_meadow if scene == 0 else _battle if scene == 1 else _menu)(number)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def keys_held(number: int) -> str:
    """The combination held at a frame set, empty for none."""
    if number // _SCENE_SETS % 3:
        return "A" if number % 24 < 3 else ""
    direction = ("Right", "Down", "Left", "Up")[number // 24 % 4]
    return f"B+{direction}" if number % 48 < 12 else direction


def _pen(image: Image.Image) -> ImageDraw.ImageDraw:
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    return draw


@cache
def _ground() -> Image.Image:
    image = Image.new("RGB", SIZE, _GRASS)
    draw = _pen(image)
    for y in range(0, SIZE[1], _TILE):
        for x in range(0, SIZE[0], _TILE):
            spot = (x * 7 + y * 13) // _TILE
            if y in (64, 80) or x in (112, 128):
                draw.rectangle((x, y, x + 15, y + 15), _PATH)
            elif x >= 176 and y >= 96:
                draw.rectangle((x, y, x + 15, y + 15), _WATER)
                draw.line((x + 3, y + 5, x + 9, y + 5), _WATER_LIGHT)
                draw.line((x + 7, y + 11, x + 13, y + 11), _WATER_LIGHT)
            elif y < 32 or x < 16:
                draw.ellipse((x, y - 4, x + 15, y + 13), (40, 104, 56), (24, 72, 40))
                draw.rectangle((x + 6, y + 12, x + 9, y + 15), (120, 80, 48))
            elif spot % 3 == 0:
                draw.line((x + 4, y + 9, x + 6, y + 6), _GRASS_DARK)
                draw.line((x + 9, y + 12, x + 11, y + 9), _GRASS_DARK)
    draw.rectangle((48, 40, 95, 63), (224, 208, 176), _INK)
    draw.polygon(((44, 42), (72, 22), (99, 42)), _RED, _INK)
    draw.rectangle((66, 50, 75, 63), (120, 80, 48), _INK)
    return image


def _hero(draw: ImageDraw.ImageDraw, x: int, y: int, step: int) -> None:
    draw.ellipse((x + 2, y + 13, x + 13, y + 17), _GRASS_DARK)
    draw.rectangle((x + 4, y + 8, x + 11, y + 13), _BLUE, _INK)
    draw.rectangle((x + 3, y + 1, x + 12, y + 8), _SKIN, _INK)
    draw.rectangle((x + 3, y, x + 12, y + 3), _RED, _INK)
    draw.rectangle((x + 4, y + 14, x + 6, y + 16 - step % 2), _INK)
    draw.rectangle((x + 9, y + 14, x + 11, y + 15 + step % 2), _INK)


def _meadow(number: int) -> Image.Image:
    image = _ground().copy()
    phase = number % 96
    along, side = phase % 24 * 3, phase // 24
    x, y = ((80 + along, 66), (152, 66 + along // 2), (152 - along, 102), (80, 102 - along // 2))[side]
    draw = _pen(image)
    _hero(draw, x, y, number)
    if number % 120 > 84:
        _box(draw, (8, 112, 231, 151), "The gate to the north is", "closed. Find the brass key.")
    return image


def _battle(number: int) -> Image.Image:
    image = Image.new("RGB", SIZE, (184, 216, 232))
    draw = _pen(image)
    draw.rectangle((0, 64, 239, 159), (168, 200, 120))
    draw.ellipse((136, 52, 232, 84), (136, 176, 96))
    draw.ellipse((8, 92, 120, 128), (136, 176, 96))
    hop = 2 * (number // 6 % 2)
    draw.ellipse((160, 24 + hop, 208, 72 + hop), (120, 88, 160), _INK)
    draw.ellipse((172, 40 + hop, 178, 48 + hop), _PAPER, _INK)
    draw.ellipse((190, 40 + hop, 196, 48 + hop), _PAPER, _INK)
    _hero(draw, 56, 84 - hop, number)
    left = max(6, 64 - number % _SCENE_SETS // 3)
    for at, name, health in (((12, 12), "GLOOP", left), ((136, 84), "MIRA", 52)):
        draw.rectangle((*at, at[0] + 92, at[1] + 24), _PAPER, _INK)
        draw.text((at[0] + 5, at[1] + 1), name, _INK)
        draw.rectangle((at[0] + 22, at[1] + 15, at[0] + 87, at[1] + 19), _INK)
        draw.rectangle(
            (at[0] + 22, at[1] + 16, at[0] + 22 + health, at[1] + 18), (72, 200, 88) if health > 20 else _RED
        )
    _box(draw, (4, 116, 235, 155), "Mira strikes with the", "willow branch!")
    return image


def _menu(number: int) -> Image.Image:
    image = _ground().copy().point(lambda level: level // 2)
    draw = _pen(image)
    draw.rectangle((24, 16, 215, 143), _PAPER, _INK, 2)
    for line, (item, many) in enumerate(
        (("Potion", 3), ("Antidote", 1), ("Brass key", 1), ("Willow branch", 1), ("Berries", 12))
    ):
        y = 26 + 20 * line
        draw.text((52, y), item, _INK)
        draw.text((184, y), f"x{many}", _INK)
    chosen = 26 + 20 * (number // 12 % 5)
    draw.polygon(((36, chosen + 2), (44, chosen + 6), (36, chosen + 10)), _RED)
    draw.text((52, 126), f"{1250 + number % 7} gold", _BLUE)
    return image


def _box(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], *lines: str) -> None:
    draw.rectangle(box, _PAPER, _INK, 2)
    for line, text in enumerate(lines):
        draw.text((box[0] + 8, box[1] + 6 + 14 * line), text, _INK)
