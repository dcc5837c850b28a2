"""坐标: WGS-84 and GCJ-02 into each other, and which outline a point lies in. Plain numbers, degrees.

GCJ-02 is the datum that maps published in China must use: WGS-84 shifted by some hundred metres. The shift follows the
formulas that have been public since 2010 (constants of the Krasovsky 1940 ellipsoid); the way back is found by repeating
it, to less than a millimetre. CGCS2000 differs from WGS-84 by centimetres and is taken as it.
"""

import math
from collections.abc import Sequence

WGS84, GCJ02, CGCS2000 = "WGS-84", "GCJ-02", "CGCS2000"
DATUMS = (WGS84, GCJ02, CGCS2000)

_AXIS = 6378245.0
_FLATNESS = 0.00669342162296594323
_ROUNDS = 10

Ring = Sequence[Sequence[float]]
Polygons = Sequence[Sequence[Ring]]


def datum_named(name: str) -> str | None:
    """The datum of a name however it is written (wgs84, EPSG:4490, 国家2000), None for any other."""
    plain = "".join(letter for letter in name.upper() if letter.isalnum())
    if plain in ("WGS84", "EPSG4326", "CRS84", "WGS1984"):
        return WGS84
    if plain in ("GCJ02", "火星坐标", "国测局坐标", "火星坐标系"):
        return GCJ02
    if plain in ("CGCS2000", "EPSG4490", "国家2000", "2000国家大地坐标系", "国家2000坐标系"):
        return CGCS2000
    return None


def to_wgs84(lng: float, lat: float, datum: str) -> tuple[float, float]:
    """A point of a datum as WGS-84 (lng, lat)."""
    return gcj02_to_wgs84(lng, lat) if datum == GCJ02 else (lng, lat)


def outside_china(lng: float, lat: float) -> bool:
    """True where GCJ-02 does not shift."""
    return not (72.004 <= lng <= 137.8347 and 0.8293 <= lat <= 55.8271)


def wgs84_to_gcj02(lng: float, lat: float) -> tuple[float, float]:
    """A WGS-84 point as GCJ-02 (lng, lat); outside China unchanged."""
    if outside_china(lng, lat):
        return lng, lat
    east, north = _shift(lng, lat)
    return lng + east, lat + north


def gcj02_to_wgs84(lng: float, lat: float) -> tuple[float, float]:
    """A GCJ-02 point as WGS-84 (lng, lat); outside China unchanged."""
    if outside_china(lng, lat):
        return lng, lat
    x, y = lng, lat
    for _ in range(_ROUNDS):
        east, north = _shift(x, y)
        x, y = lng - east, lat - north
    return x, y


def _shift(lng: float, lat: float) -> tuple[float, float]:
    x, y = lng - 105.0, lat - 35.0
    wave = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += wave * 2.0 / 3.0
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += wave * 2.0 / 3.0
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    radians = lat / 180.0 * math.pi
    magic = 1 - _FLATNESS * math.sin(radians) ** 2
    root = math.sqrt(magic)
    north = north * 180.0 / (_AXIS * (1 - _FLATNESS) / (magic * root) * math.pi)
    east = east * 180.0 / (_AXIS / root * math.cos(radians) * math.pi)
    return east, north


def contains(polygons: Polygons, lng: float, lat: float) -> bool:
    """True inside one of the polygons and in none of its holes; an edge belongs to it."""
    for outer, *holes in polygons:
        if _on_edge(outer, lng, lat):
            return True
        if _inside(outer, lng, lat):
            return not any(_inside(hole, lng, lat) and not _on_edge(hole, lng, lat) for hole in holes)
    return False


def _inside(ring: Ring, lng: float, lat: float) -> bool:
    inside = False
    (x1, y1), rest = ring[-1][:2], ring
    for point in rest:
        x2, y2 = point[0], point[1]
        if (y1 > lat) != (y2 > lat) and lng < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def _on_edge(ring: Ring, lng: float, lat: float) -> bool:
    x1, y1 = ring[-1][0], ring[-1][1]
    for point in ring:
        x2, y2 = point[0], point[1]
        cross = (x2 - x1) * (lat - y1) - (y2 - y1) * (lng - x1)
        if abs(cross) < 1e-12 and min(x1, x2) <= lng <= max(x1, x2) and min(y1, y2) <= lat <= max(y1, y2):
            return True
        x1, y1 = x2, y2
    return False
