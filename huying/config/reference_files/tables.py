"""导入基础数据, table by table, in the order in which they refer to each other."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from huying.kernel import clock
from huying.kernel.errors import Invalid
from huying.matters import queries as matters
from huying.matters import targets
from huying.matters.models import Duty, LimitRule, Matter
from huying.people.administration import spoken
from huying.people.models import Unit
from huying.places.models import Division, Landmark
from huying.places.queries import KINDS
from huying.places.rules import ABOVE, DIGITS
from huying.worktime.models import WorkSchedule

from .layout import REQUIRED
from .reading import Folder, Line, Taken, check, units_by_code, write
from .writing import in_force

MOST_QUESTIONS = 5
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def once(line: Line, key: Any, made: dict[Any, Any], label: str) -> bool:
    """False, and a fault, when the key came before in the files."""
    if key in made:
        line.fault(f"{label}重复出现")
        return False
    return True


def units(folder: Folder, there: list[str], taken: Taken) -> None:
    """承办单位, those above before those below."""
    known = units_by_code()
    schedules = set(WorkSchedule.objects.values_list("code", flat=True)) | {"standard", "all_day"}
    made: dict[str, Unit] = {}
    above: dict[str, tuple[Line, str]] = {}
    for line in folder.lines(*(name for name in there if name == "people/units.csv")):
        code = line.text("code")
        old = known.get(code)
        tier = line.number_or_none("tier")
        row = Unit(
            code=code, name=line.text("name"), short=line.text("short"), tier=int(tier or 0), kind=line.text("kind"),
            area=line.text("area")[:6], duty=line.text("duty"), phone=line.text("phone"),
            schedule=line.text("schedule") or (old.schedule if old else "standard"),
            own_review=line.truth("own_review", old.own_review if old else False),
            active=line.truth("active", old.active if old else True), sample=line.truth("sample", False),
        )  # fmt: skip
        row.pinyin, row.initials = spoken(row.short)
        if not CODE.fullmatch(code):
            line.fault("编码由小写字母、数字和 - 组成，最多40个字符")
        if row.schedule not in schedules:
            line.fault(f"没有编号为“{row.schedule[:20]}”的工时制度")
        check(line, row)
        if once(line, code, made, f"编码“{code}”"):
            made[code] = row
            above[code] = (line, line.text("parent"))
    if folder.faults:
        return
    parents = {code: unit.parent_id for code, unit in known.items()}
    codes = {unit.pk: code for code, unit in known.items()}
    upper = {code: codes.get(parent or 0, "") for code, parent in parents.items()} | {
        code: name for code, (_, name) in above.items()
    }
    for code, (line, name) in above.items():
        parent = made.get(name) or known.get(name)
        if name and parent is None:
            line.fault(f"没有编码为“{name}”的上级单位")
        elif parent is not None and parent.tier > made[code].tier:
            line.fault(f"上级“{parent.short}”的层级低于本单位")
        seen, place = set(), code
        while place:
            if place in seen:
                line.fault("上级绕成了一圈")
                break
            seen.add(place)
            place = upper.get(place, "")
    if folder.faults:
        return
    names = (
        "name",
        "short",
        "tier",
        "kind",
        "area",
        "duty",
        "phone",
        "schedule",
        "own_review",
        "active",
        "sample",
        "pinyin",
        "initials",
    )
    write(made, known, names, taken)
    stored = units_by_code()
    moved = []
    for code, (_, name) in above.items():
        parent = stored[name] if name else None
        if stored[code].parent_id != (parent.pk if parent else None):
            stored[code].parent = parent
            moved.append(stored[code])
    Unit.objects.bulk_update(moved, ["parent"], batch_size=500)


def divisions(folder: Folder, there: list[str], taken: Taken) -> None:
    """行政区划, with the zone that runs a street 托管."""
    known = {row.code: row for row in Division.objects.all()}
    zones = set(Unit.objects.filter(kind=Unit.Kind.ZONE).values_list("code", flat=True))
    made: dict[str, Division] = {}
    for line in folder.lines(*(name for name in there if name == "places/divisions.csv")):
        code, level, parent = line.text("code"), line.text("level"), line.text("parent")
        old = known.get(code)
        row = Division(
            code=code, name=line.text("name"), short=line.text("short"), level=level, parent_id=parent or None,
            pinyin=line.text("pinyin"), initials=line.text("initials"), lat=line.number_or_none("lat"),
            lng=line.number_or_none("lng"), zone=old.zone if old else "",
        )  # fmt: skip
        check(line, row)
        if not (code.isascii() and code.isdigit() and len(code) == DIGITS.get(level, 0)):
            line.fault(f"编码“{code[:20]}”的位数与层级不符")
        higher = made.get(parent) or known.get(parent)
        if (higher.level if higher else None) != ABOVE.get(level):
            line.fault(f"上级“{parent}”不存在、层级不对，或排在本行之后")
        _on_the_globe(line, row)
        if once(line, code, made, f"编码“{code}”"):
            made[code] = row
    managed: dict[str, str] = {}
    for line in folder.lines(*(name for name in there if name == "places/managed.csv")):
        street, zone = line.text("street_code"), line.text("zone_code")
        found = made.get(street) or known.get(street)
        if found is None or found.level != Division.Level.STREET:
            line.fault(f"没有编码为“{street}”的街道镇")
        if zone not in zones:
            line.fault(f"没有编码为“{zone}”的开发区")
        if once(line, street, managed, f"街道“{street}”"):
            managed[street] = zone
    if folder.faults:
        return
    if "places/managed.csv" in there:  # the file says all streets that are run by a zone
        for code, row in (known | made).items():
            if row.zone != managed.get(code, ""):
                made.setdefault(
                    code, Division(**{item.attname: getattr(row, item.attname) for item in Division._meta.fields})
                )
                made[code].zone = managed.get(code, "")
    write(made, known, ("name", "short", "level", "parent_id", "pinyin", "initials", "lat", "lng", "zone"), taken)


def _on_the_globe(line: Line, row: Any) -> None:
    if (row.lat is None) != (row.lng is None):
        line.fault("纬度和经度须同时填写")
    if row.lat is not None and not (-90 <= row.lat <= 90 and -180 <= (row.lng or 0) <= 180):
        line.fault("经纬度超出范围")


def landmarks(folder: Folder, there: list[str], taken: Taken) -> None:
    """地名, told apart by district and name."""
    known = {(row.area_id, row.name): row for row in Landmark.objects.all()}
    areas = {row.code: row for row in Division.objects.filter(level__in=(Division.Level.AREA, Division.Level.STREET))}
    made: dict[tuple[str | None, str], Landmark] = {}
    for line in folder.lines(*(name for name in there if name == "places/landmarks.csv")):
        area, street = line.text("area_code") or None, line.text("street_code") or None
        row = Landmark(
            name=line.text("name"), kind=line.text("kind"), aliases=line.parts("aliases"), area_id=area, street_id=street,
            lat=line.number_or_none("lat"), lng=line.number_or_none("lng"), pinyin=line.text("pinyin"),
            initials=line.text("initials"),
        )  # fmt: skip
        check(line, row)
        if row.kind not in KINDS:
            line.fault(f"没有类别“{row.kind[:20]}”，可选 {'、'.join(KINDS)}")
        if area and (area not in areas or areas[area].level != Division.Level.AREA):
            line.fault(f"没有编码为“{area}”的区县")
        if street and (street not in areas or areas[street].parent_id != area):
            line.fault(f"该区县没有编码为“{street}”的街道镇")
        _on_the_globe(line, row)
        if once(line, (area, row.name), made, f"地名“{row.name}”"):
            made[area, row.name] = row
    if not folder.faults:
        write(made, known, ("kind", "aliases", "street_id", "lat", "lng", "pinyin", "initials"), taken)


def taxonomy(folder: Folder, there: list[str], taken: Taken) -> None:
    """内容分类: domains and groups, then leaves."""
    known = {row.code: row for row in Matter.objects.all()}
    made: dict[str, Matter] = {}
    files = [name for name in there if name == "matters/groups.csv" or name.startswith("matters/taxonomy/")]
    for line in folder.lines(*files):
        code = line.text("code")
        leaf = line.file != "matters/groups.csv"
        old = known.get(code)
        row = Matter(
            code=code, name=line.text("name"), parent_id=code[:-2] or None, definition=line.text("definition"),
            synonyms=line.parts("synonyms"), everyday=line.parts("everyday"),
            urgency=line.text("urgency") if leaf else "normal", questions=line.parts("questions"),
            active=line.truth("active", old.active if old else True),
        )  # fmt: skip
        check(line, row)
        if not (code.isascii() and code.isdigit() and (len(code) == 6 if leaf else len(code) in (2, 4))):
            line.fault("末级编码须为6位数字" if leaf else "编码须为2或4位数字")
        elif len(code) > 2 and code[:-2] not in made and code[:-2] not in known:
            line.fault(f"没有上级分类{code[:-2]}")
        if leaf and not row.definition:
            line.fault("末级分类须写明定义")
        if len(row.questions) > MOST_QUESTIONS:
            line.fault(f"必问最多{MOST_QUESTIONS}条")
        if once(line, code, made, f"编码“{code}”"):
            made[code] = row
    if not folder.faults:
        write(
            made,
            known,
            ("name", "parent_id", "definition", "synonyms", "everyday", "urgency", "questions", "active"),
            taken,
        )


def catalogue(folder: Folder, there: list[str], taken: Taken) -> None:
    """派单目录: a line that differs from the version in force becomes the next version from today."""
    today = clock.local(clock.now()).date()
    current = {row.code: row for row in in_force()}
    codes, known_units = set(Matter.objects.values_list("pk", flat=True)), targets.unit_codes()
    latest: dict[str, int] = {}
    for code, version in Duty.objects.values_list("code", "version"):
        latest[code] = max(version, latest.get(code, 0))
    made: dict[str, tuple[Duty, list[str]]] = {}
    for line in folder.lines(*(name for name in there if name.startswith("matters/catalogue/"))):
        code, covered = line.text("code"), line.parts("matters")
        old = current.get(code)
        begin = line.day_or_none("valid_from") or (old.valid_from if old else today)
        row = Duty(
            code=code, version=latest.get(code, 0) + 1, name=line.text("duty"), lead=line.text("lead"),
            assisting=line.parts("assisting"), department_work=line.truth("department_work", True),
            basis=line.text("basis"), basis_source=line.text("basis_source"), valid_from=begin,
            valid_until=line.day_or_none("valid_until"),
        )  # fmt: skip
        check(line, row)
        if not covered or set(covered) - codes:
            missing = sorted(set(covered) - codes)
            line.fault(f"没有内容分类 {'、'.join(missing)[:60]}" if missing else "须写明内容分类")
        for sentence in targets.duty_faults(row.lead, row.assisting, row.department_work, known_units).values():
            line.fault(sentence)
        if row.valid_until and row.valid_until < row.valid_from:
            line.fault("失效日期早于生效日期")
        if once(line, code, made, f"编号“{code}”"):
            made[code] = (row, sorted(set(covered)))
    if folder.faults:
        return
    _write_catalogue(made, current, today, taken)


SAID = ("name", "lead", "assisting", "department_work", "basis", "basis_source", "valid_until")


def _write_catalogue(
    made: dict[str, tuple[Duty, list[str]]], current: dict[str, Duty], today: date, taken: Taken
) -> None:
    fresh: list[tuple[Duty, list[str]]] = []
    ended: list[int] = []
    label = str(Duty._meta.verbose_name)
    for code, (row, covered) in made.items():
        old = current.get(code)
        if old is None:
            taken.added[label] += 1
        elif all(getattr(old, name) == getattr(row, name) for name in SAID) and covered == sorted(
            m.pk for m in old.matters.all()
        ):
            taken.same[label] += 1
            continue
        else:
            taken.changed[label] += 1
            ended.append(old.pk)
            row.valid_from = max(today, row.valid_from)
        fresh.append((row, covered))
    Duty.objects.filter(pk__in=ended, valid_from__lt=today).update(valid_until=today - timedelta(days=1))
    Duty.objects.filter(pk__in=ended, valid_from__gte=today).delete()  # of today: replaced before it was yesterday's
    Duty.objects.bulk_create([row for row, _ in fresh])
    links = Duty.matters.through
    links.objects.bulk_create([links(duty_id=row.pk, matter_id=code) for row, covered in fresh for code in covered])


def limits(folder: Folder, there: list[str], taken: Taken) -> None:
    """时限规则, told apart by kind, nature, urgency and unit."""
    by_code = units_by_code()
    known = {(row.kind, row.nature, row.urgency, row.unit_id): row for row in LimitRule.objects.all()}
    made: dict[tuple[str, str, str, int | None], LimitRule] = {}
    for line in folder.lines(*(name for name in there if name == "matters/limits.csv")):
        code = line.text("unit")
        unit = by_code.get(code)
        amount = line.number_or_none("amount") or 0
        row = LimitRule(
            kind=line.text("kind"), nature=line.text("nature"), urgency=line.text("urgency"), unit=unit,
            amount=round(amount, 2), measure=line.text("measure"), active=line.truth("active", True),
        )  # fmt: skip
        check(line, row)
        if code and unit is None:
            line.fault(f"没有编码为“{code}”的单位")
        for sentence in targets.limit_faults(row.kind, row.nature, amount, row.measure).values():
            line.fault(sentence)
        key = (row.kind, row.nature, row.urgency, unit.pk if unit else None)
        if once(line, key, made, "同一条规则"):
            made[key] = row
    if not folder.faults:
        write(made, known, ("amount", "measure", "active"), taken)


STEPS = (units, divisions, landmarks, taxonomy, catalogue, limits)


def take(root: Path) -> Taken:
    """Read a folder; only the files that are there are taken. Errors: Invalid `no_files`, `rows_wrong` (with lines)."""
    folder = Folder(root)
    there = folder.files()
    if not there:
        raise Invalid(
            "no_files",
            f"文件夹里没有基础数据文件，应有 {'、'.join(name for name in REQUIRED if name.endswith('.csv'))} 等",
        )
    taken = Taken()
    with transaction.atomic():
        for step in STEPS:
            step(folder, there, taken)
            if folder.faults:  # what hangs on a wrong row would only be wrong, too
                first = folder.faults[0]
                raise Invalid(
                    "rows_wrong", f"没有导入任何内容。{first['field']}：{first['sentence']}", errors=folder.faults
                )
        transaction.on_commit(matters.clear)
    return taken
