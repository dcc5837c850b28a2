"""Times as real exports write them, on the city's wall clock unless they say a zone themselves."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from huying.kernel.clock import LOCAL

EXCEL_EPOCH = datetime(1899, 12, 30)
EARLIEST = datetime(1990, 1, 1, tzinfo=LOCAL)
SERIALS = (32_874, 73_050)  # 1990 to 2099 as Excel counts days
SKEW = timedelta(minutes=5)  # how far another system's clock may be ahead of ours

_WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:\s*[T,，]?\s*(?P<half>上午|下午|凌晨|中午|晚上|AM|PM)?\s*(?P<hour>\d{1,2})\s*[:：时点]\s*(?P<minute>\d{1,2})"
    r"(?:\s*[:：分]\s*(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s*秒?|\s*分)?\s*(?P<half2>AM|PM)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}(?::\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2}))?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def moment(value: Any, formats: tuple[str, ...] = (), epoch: datetime = EXCEL_EPOCH) -> datetime | None:
    """An aware time, or None when the value is none.

    Texts 2019/1/2 3:04:05, 2019-01-02T03:04:05+08:00, 2019年1月2日 3时4分, 20190102030405; Excel serials (days since
    `epoch`), seconds and milliseconds since 1970; with `formats` (strptime) only those.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    try:
        if formats and isinstance(value, str):
            return _by_format(text, formats)
        if len(text) <= 17 and _NUMBER.fullmatch(text):
            return _from_number(text, epoch)
        match = _WRITTEN.fullmatch(text)
        return _from_match(match) if match else _from_compact(text)
    except (ValueError, OverflowError):  # the 31st of February, hour 25
        return None


def _by_format(text: str, formats: tuple[str, ...]) -> datetime | None:
    for form in formats:
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=LOCAL)
    return None


def _from_number(text: str, epoch: datetime) -> datetime | None:
    number = float(text)
    if SERIALS[0] <= number <= SERIALS[1]:
        # Excel keeps days as a float: a second is 1.2e-5 of one, so what is left of it is rounded off
        return (epoch + timedelta(seconds=round(number * 86_400))).replace(tzinfo=LOCAL)
    whole = text.split(".")[0]
    if len(whole) == 10:
        return datetime.fromtimestamp(number, UTC)
    if len(whole) == 13:
        return datetime.fromtimestamp(number / 1000, UTC)
    return _from_compact(text)


def _from_compact(text: str) -> datetime | None:
    match = _COMPACT.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=LOCAL)


def _from_match(match: re.Match[str]) -> datetime:
    part = match.groupdict()
    hour = int(part["hour"] or 0)
    half = (part["half"] or part["half2"] or "").upper()
    if half in ("下午", "晚上", "PM") and hour < 12:
        hour += 12
    elif half in ("上午", "凌晨", "AM") and hour == 12:
        hour = 0
    micros = int((part["fraction"] or "0")[:6].ljust(6, "0"))
    return datetime(
        int(part["year"]), int(part["month"]), int(part["day"]), hour, int(part["minute"] or 0), int(part["second"] or 0),
        micros, tzinfo=_zone(part["zone"]),
    )  # fmt: skip


def _zone(text: str | None) -> Any:
    if not text:
        return LOCAL
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    return timezone(-span if text[0] == "-" else span)


def judged(
    value: Any, now: datetime, formats: tuple[str, ...] = (), epoch: datetime = EXCEL_EPOCH
) -> datetime | tuple[str, str]:
    """A time that an order may have been received at, or (code, sentence) why it is none.

    A future time is a fault of the file, not a wish: it is rejected, not moved to now, but for the skew of clocks.
    """
    found = moment(value, formats, epoch)
    if found is None:
        return "bad_time", f"受理时间“{str(value)[:40]}”看不懂，应如 2026-11-24 09:30:00"
    if found > now + SKEW:
        return "received_in_future", f"受理时间“{str(value)[:40]}”还没有到，请核对"
    if found < EARLIEST:
        return "received_too_early", f"受理时间“{str(value)[:40]}”早于 1990 年，请核对"
    return min(found, now)
