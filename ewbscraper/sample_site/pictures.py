"""Small pictures, drawn from their name: the same name always gives the same bytes."""

import struct
import zlib
from colorsys import hls_to_rgb
from math import hypot, sin
from random import Random

WIDTH, HEIGHT = 480, 300
SKY, DISC, FAR, NEAR, WATER = range(5)
LIGHTNESS = {SKY: 0.86, DISC: 0.95, FAR: 0.7, NEAR: 0.5, WATER: 0.36}


def png(name: str) -> bytes:
    """Two ranges of hills between sky and water, in one hue, 480 x 300 pixels, as an indexed PNG."""
    random = Random(name)  # noqa: S311 -- a picture, not a secret
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in _rows(random)))
    chunks = (b"IHDR", header), (b"PLTE", _palette(random)), (b"IDAT", pixels), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _rows(random: Random) -> list[bytes]:
    far, near = _range(random, 130), _range(random, 180)
    x, y, radius, shore = random.randint(60, 420), random.randint(45, 90), random.randint(18, 34), 232

    def layer(column: int, row: int) -> int:
        if row > shore:
            return WATER
        if row > near[column]:
            return NEAR
        if row > far[column]:
            return FAR
        return DISC if hypot(column - x, row - y) < radius else SKY

    return [bytes(layer(column, row) for column in range(WIDTH)) for row in range(HEIGHT)]


def _range(random: Random, height: int) -> list[float]:
    """The outline of a range of hills, in pixels from above."""
    waves = [(random.uniform(8, 22) / n, random.uniform(0.008, 0.014) * n, random.random() * 6) for n in (1, 2, 4)]
    return [height + sum(size * sin(x * pace + start) for size, pace, start in waves) for x in range(WIDTH)]


def _palette(random: Random) -> bytes:
    hue = random.random()
    colours = (hls_to_rgb(hue, lightness, 0.35) for lightness in LIGHTNESS.values())
    return bytes(round(part * 255) for colour in colours for part in colour)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
