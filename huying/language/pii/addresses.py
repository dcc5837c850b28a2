"""House and unit behind a street or estate: what leads to one door."""

import re

_BUILDING = r"(?:[A-Za-z]?[\d一二三四五六七八九十]{1,3}[A-Za-z]?(?:号楼|栋|幢|座|#楼?|号院)|[A-Za-z](?:座|栋|幢))"
_UNIT = r"(?:[\d一二三四五六七八九十]{1,2}单元)"
_FLOOR = r"(?:[\d一二三四五六七八九十]{1,3}(?:层|楼))"
_ROOM = r"(?:[A-Za-z]?\d{1,4}(?:[-—]\d{1,4})?(?:室|号(?!楼|线))(?!口))"
_BARE_ROOM = r"(?:[-—]?\d{3,4}(?![\d元万年.%天个户人㎡平米]))"
_SPACE = r"[ ，,\-—]?"
_DETAIL = re.compile(
    # 3号楼2单元1502室, 5栋2404, 3-2-1502; the building alone is no secret, the door is.
    rf"(?<![A-Za-z\d*\-—])(?P<door>{_BUILDING}{_SPACE}(?:{_UNIT}(?:{_SPACE}{_FLOOR})?(?:{_SPACE}(?:{_ROOM}|{_BARE_ROOM}))?|{_FLOOR}?{_SPACE}(?:{_ROOM}|{_BARE_ROOM}))"
    rf"|{_UNIT}{_SPACE}{_FLOOR}?{_SPACE}(?:{_ROOM}|{_BARE_ROOM})|\d{{1,3}}[-—]\d{{1,2}}[-—](?!(?:19|20)\d\d)\d{{3,4}}(?:室|号|户)?(?![\d\-]))"
    # 含浦大道199号, 黄泥井269号
    rf"|(?<=[路街巷弄里道坊胡同村组井湾坪镇社区])(?P<house>(?:甲|乙|副)?\d{{1,4}}(?:[-—附]\d{{1,3}})?号(?:院|附\d{{1,3}}号)?(?![楼线店文栋令馆桥路地公])"
    rf"(?:{_SPACE}{_BUILDING})?(?:{_SPACE}{_UNIT})?(?:{_SPACE}{_FLOOR})?(?:{_SPACE}(?:{_ROOM}|{_BARE_ROOM}))?)"
)


def details(text: str) -> list[tuple[int, int]]:
    """Where house and unit stand."""
    return [match.span("door" if match["door"] else "house") for match in _DETAIL.finditer(text)]
