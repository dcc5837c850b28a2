"""工作日历 writes: seeding from the published notices, and CSV in and out."""

import csv
import importlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huying.kernel.errors import Invalid, TooLarge

from . import queries, rules
from .models import CalendarDay, CalendarYear, WorkSchedule

SEED_YEARS = range(2019, 2027)
FIELDS = ("date", "kind", "name")
MAX_FILE_BYTES = 1_048_576
MAX_PROBLEMS = 20

_SCHEDULES = (
    ("standard", "标准工时（周一至周五 9:00-12:00、13:00-18:00）", [["09:00", "12:00"], ["13:00", "18:00"]]),
    ("all_day", "全天（工作日 24 小时）", [["00:00", "24:00"]]),
)
_KINDS = {
    **dict.fromkeys(("holiday", "放假", "节假日", "法定节假日", "休"), CalendarDay.Kind.HOLIDAY),
    **dict.fromkeys(("workday", "调休上班", "上班", "调休", "班"), CalendarDay.Kind.WORKDAY),
}
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d")
# A cell that starts like this is run as a formula by spreadsheet programs.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Written:
    """What a seed or an import changed."""

    days: int = 0
    years: tuple[int, ...] = ()
    schedules: int = 0


def seed(years: Iterable[int] = SEED_YEARS) -> Written:
    """初始化: write the published holidays and make-up workdays of these years, and the two standard schedules.

    Idempotent, and never touches what people edited: a year that already has a row, and a schedule that exists, stay
    as they are. Raises Invalid for a year the package does not know.
    """
    wanted = sorted(set(years))
    published = {year: _published(year) for year in wanted}
    with transaction.atomic():
        present = set(CalendarYear.objects.filter(year__in=wanted).values_list("year", flat=True))
        added = tuple(year for year in wanted if year not in present)
        before = CalendarDay.objects.count()
        CalendarDay.objects.bulk_create(
            [CalendarDay(on=on, kind=kind, name=name) for year in added for on, kind, name in published[year]],
            ignore_conflicts=True,
        )
        CalendarYear.objects.bulk_create(
            [
                CalendarYear(year=year, source="chinesecalendar（按国务院办公厅通知整理）", confirmed=True)
                for year in added
            ],
            ignore_conflicts=True,
        )
        schedules = 0
        for code, name, blocks in _SCHEDULES:
            _, created = WorkSchedule.objects.get_or_create(code=code, defaults={"name": name, "blocks": blocks})
            schedules += created
        written = Written(CalendarDay.objects.count() - before, added, schedules)
        transaction.on_commit(queries.clear)
    return written


def import_days(content: bytes, *, replace: bool = False) -> Written:
    """导入: take days from a CSV ``date,kind,name`` (UTF-8 with or without BOM, or GB18030); all rows or none.

    Rows replace those of the same date. With ``replace`` every other day of the years in the file is removed first. A
    year that had no row gets an unchecked one: a person then confirms it. Raises Invalid with a sentence for each bad
    row (at most ``MAX_PROBLEMS``), TooLarge for a file above 1 MiB.
    """
    days = _read_days(content)
    years = sorted({on.year for on in days})
    with transaction.atomic():
        if replace:
            CalendarDay.objects.filter(on__year__in=years).exclude(on__in=list(days)).delete()
        CalendarDay.objects.bulk_create(
            [CalendarDay(on=on, kind=kind, name=name) for on, (kind, name) in days.items()],
            update_conflicts=True,
            unique_fields=["on"],
            update_fields=["kind", "name"],
        )
        present = set(CalendarYear.objects.filter(year__in=years).values_list("year", flat=True))
        added = tuple(year for year in years if year not in present)
        CalendarYear.objects.bulk_create(
            [CalendarYear(year=year, source="文件导入") for year in added], ignore_conflicts=True
        )
        transaction.on_commit(queries.clear)
    return Written(len(days), added)


def export_days(days: Iterable[CalendarDay]) -> bytes:
    """导出: the days as CSV ``date,kind,name``, UTF-8 with BOM so that spreadsheet programs show Chinese."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(FIELDS)
    for day in days:
        name = f"'{day.name}" if day.name.startswith(_FORMULA_STARTS) else day.name
        writer.writerow((day.on.isoformat(), day.kind, name))
    return text.getvalue().encode("utf-8-sig")


def _published(year: int) -> list[tuple[date, CalendarDay.Kind, str]]:
    """Exceptions of one year as published: weekdays off and weekends worked."""
    # Untyped and large, and needed only here, hence not imported with the module.
    package: Any = importlib.import_module("chinese_calendar")
    constants: Any = importlib.import_module("chinese_calendar.constants")
    if not any(on.year == year for on in constants.holidays):
        raise Invalid("year_not_published", f"还没有{year}年的放假安排可供载入，请按官方通知手工录入或导入文件")
    names = {str(item.value): str(item.chinese) for item in package.Holiday}
    ordinary = rules.Calendar()
    off = [(on, CalendarDay.Kind.HOLIDAY, names[name]) for on, name in constants.holidays.items() if on.year == year]
    worked = [
        (on, CalendarDay.Kind.WORKDAY, f"{names[name]}调休")
        for on, name in constants.workdays.items()
        if on.year == year
    ]
    return sorted(
        [day for day in off if ordinary.is_working(day[0])] + [day for day in worked if not ordinary.is_working(day[0])]
    )


def _read_days(content: bytes) -> dict[date, tuple[CalendarDay.Kind, str]]:
    if len(content) > MAX_FILE_BYTES:
        raise TooLarge("file_too_large", "文件超过 1 MB，工作日历文件不会这么大，请检查是否选错")
    rows = csv.reader(io.StringIO(_decode(content).replace("\0", ""), newline=""))
    problems: list[dict[str, str]] = []
    days: dict[date, tuple[CalendarDay.Kind, str]] = {}
    try:
        header = tuple(cell.strip().lower() for cell in next(rows, []))
        if header[:2] != FIELDS[:2]:
            raise Invalid("header_wrong", "第一行应为 date,kind,name")
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            problem = _read_day(cells, days)
            if problem and len(problems) < MAX_PROBLEMS:
                problems.append({"field": f"第{rows.line_num}行", "sentence": problem})
    except csv.Error as error:
        raise Invalid("csv_unreadable", f"第{rows.line_num}行附近不是正确的 CSV 格式") from error
    if problems:
        first = problems[0]
        raise Invalid("rows_wrong", f"文件未导入。{first['field']}：{first['sentence']}", errors=problems)
    if not days:
        raise Invalid("no_rows", "文件里没有任何日期")
    return days


def _read_day(cells: list[str], days: dict[date, tuple[CalendarDay.Kind, str]]) -> str:
    """Take one row into ``days``; the sentence of what is wrong with it, or empty."""
    on_text, kind_text, name = (*(cell.strip() for cell in cells), "", "", "")[:3]
    on = _read_date(on_text)
    if on is None:
        return f"日期“{on_text[:20]}”不正确，应写成 2026-02-17"
    kind = _KINDS.get(kind_text.lower())
    if kind is None:
        return f"类型“{kind_text[:20]}”不正确，应为 holiday（放假）或 workday（调休上班）"
    if on in days:
        return f"日期 {on.isoformat()} 重复出现"
    if name.startswith("'") and name[1:].startswith(_FORMULA_STARTS):
        name = name[1:]
    if len(name) > 40:
        return "名称超过 40 个字"
    days[on] = (kind, name)
    return ""


def _read_date(text: str) -> date | None:
    for form in _DATE_FORMATS:
        try:
            on = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return on if 2000 <= on.year <= 2200 else None
    return None


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("encoding_unknown", "文件编码无法识别，请另存为 UTF-8 编码的 CSV")
