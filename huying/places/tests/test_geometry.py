"""坐标: published values of the shift, the way back, and points in outlines."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.places import geometry


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    north = (one[1] - other[1]) * 111_320
    east = (one[0] - other[0]) * 111_320 * math.cos(math.radians(one[1]))
    return math.hypot(north, east)


def test_the_shift_is_the_published_one() -> None:
    # Tian'anmen: the pair that the public implementations give.
    shifted = geometry.wgs84_to_gcj02(116.404, 39.915)
    assert shifted == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    assert 400 < metres(geometry.wgs84_to_gcj02(108.942, 34.261), (108.942, 34.261)) < 700


@given(st.floats(73.5, 135), st.floats(18, 53.5))
def test_there_and_back_is_less_than_a_metre(lng: float, lat: float) -> None:
    there = geometry.wgs84_to_gcj02(lng, lat)
    assert metres(geometry.gcj02_to_wgs84(*there), (lng, lat)) < 0.001


@given(st.sampled_from([(2.35, 48.85), (-74.0, 40.7), (139.7, 35.7), (151.2, -33.9)]))
def test_outside_china_nothing_moves(point: tuple[float, float]) -> None:
    assert geometry.wgs84_to_gcj02(*point) == geometry.gcj02_to_wgs84(*point) == point


@pytest.mark.parametrize(
    ("name", "datum"),
    [
        ("wgs84", "WGS-84"), ("EPSG:4326", "WGS-84"), ("GCJ-02", "GCJ-02"), ("gcj02", "GCJ-02"), ("CGCS2000", "CGCS2000"),
        ("国家2000", "CGCS2000"), ("EPSG:4490", "CGCS2000"), ("BD-09", None), ("西安80", None), ("", None),
    ],
)  # fmt: skip
def test_names_of_datums(name: str, datum: str | None) -> None:
    assert geometry.datum_named(name) == datum


SQUARE = [[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]]]
HOLE = [[4.0, 4.0], [6.0, 4.0], [6.0, 6.0], [4.0, 6.0], [4.0, 4.0]]
FAR = [[[20.0, 0.0], [30.0, 0.0], [25.0, 10.0], [20.0, 0.0]]]


@pytest.mark.parametrize(
    ("point", "inside"),
    [
        ((5, 5), False), ((3, 5), True), ((0, 5), True), ((10, 10), True), ((4, 5), True), ((11, 5), False), ((25, 5), True),
        ((21, 9), False), ((5, -1), False), ((-1, 0), False), ((15, 0), False),
    ],
)  # fmt: skip
def test_points_in_outlines_with_holes(point: tuple[float, float], inside: bool) -> None:
    assert geometry.contains([[*SQUARE, HOLE], FAR], *point) is inside
