"""The rows of one page 列表取数, out of a table of millions: which columns, and how a search finds the newest (ADR 0007).

A search for a frequent word matches tens of thousands of orders, and the page wants the newest twenty. The planner has two
plans, both bad at times: fetch all matches and sort them, or walk the orders from the newest on and look at each one's
words, which takes seconds when the word went out of season. Here the newest days are searched first, then as many again
and more, until the page is full: in each stretch the index of words and the index of dates together say which rows to
fetch, and no row is fetched that the page has no room for, but for those of one stretch.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from huying.kernel.keeping import keep
from huying.matters import queries as matters
from huying.people.models import Staff, Team, Unit
from huying.places import queries as places

from .models import Assignment, WorkOrder

COUNTED_UP_TO = 1000
GUESSED_FROM = 5000  # where the planner guesses as many, nothing is counted: it is right about the order of magnitude
STRETCHED_FROM = 100
STRETCHES_DAYS = (4, 16, 64, 256, 1024)  # how far back each stretch reaches; a last one has no end
LISTED = (
    "number", "title", "state", "outcome", "nature", "urgency", "channel", "confidential", "matter", "place_text", "area",
    "street", "lat", "lng", "lead_unit", "clock", "warn_at", "due_at", "received_at", "closed_at", "version", "redo_count",
    "return_count", "urge_count", "supervised", "children_count",
    "citizen__key", "citizen__name_sealed", "citizen__phone_sealed", "citizen__title", "citizen__anonymous",
    "parent__number",
)  # fmt: skip


def _but(relation: str, model: type[Model], *wanted: str) -> tuple[str, ...]:
    return tuple(
        f"{relation}__{field.name}"
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.name in wanted)
    )


# of what is joined to one order, its page shows and its rules ask for little
NOT_ON_A_PAGE = (
    "search", *_but("parent", WorkOrder, "number", "state"), *_but("operator", Staff, "name"), *_but("team", Team, "name"),
)  # fmt: skip
ORDERINGS = {"newest": ("-received_at", "-id"), "due": ("due_at", "id")}
DIRECTIONS = {"newest": "received_at DESC, id DESC", "due": "due_at, id"}


def _units() -> dict[int, Unit]:
    return {row.pk: row for row in Unit.objects.all()}


def named(orders: Iterable[WorkOrder]) -> list[WorkOrder]:
    """The orders with their matter, place and unit at hand, from what the process keeps: at most 30 s old.

    Joined to every list, these eight tables cost more to plan and to make objects of than the orders themselves.
    """
    leaves, divisions, units = matters.named(), places.named(), keep("units", _units)
    found = list(orders)
    for order in found:
        # what was added within the last seconds is not kept yet: it is read when asked for
        if order.matter_id in leaves:
            order.matter = leaves[order.matter_id]
        if order.area_id in divisions:
            order.area = divisions[order.area_id]
        if order.street_id in divisions:
            order.street = divisions[order.street_id]
        if order.lead_unit_id in units:
            order.lead_unit = units[order.lead_unit_id]
    return found


def with_units(rows: Iterable[Assignment]) -> list[Assignment]:
    """The assignments with their units at hand, from what the process keeps."""
    units, found = keep("units", _units), list(rows)
    for row in found:
        if row.unit_id in units:
            row.unit = units[row.unit_id]
    return found


def with_page(found: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """The orders with what the page about one shows; `named` adds the rest."""
    return found.select_related("citizen", "parent", "operator", "team").defer(*NOT_ON_A_PAGE)


def lines(found: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """The orders with the columns that a line of a list shows; `named` adds the rest."""
    return found.select_related("citizen", "parent").only(*LISTED)


def rows(found: QuerySet[WorkOrder], sort: str, count: int) -> list[WorkOrder]:
    """The first `count` of the orders in this order, with what a line of a list shows. One statement."""
    # the page is chosen first: what is joined for its lines is joined for no other order
    chosen = found.order_by(*ORDERINGS[sort]).values("pk")[:count]
    return named(lines(WorkOrder.objects.filter(pk__in=chosen)).order_by(*ORDERINGS[sort]))


def guessed(found: QuerySet[WorkOrder]) -> int:
    """How many the planner believes to match; nothing is read."""
    try:
        sql, params = found.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # nothing can match, and Django asks no database then
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])


def counted(found: QuerySet[WorkOrder], guess: int) -> tuple[int, bool]:
    """How many match, and whether that is a guess: exact up to a thousand, never a full count of a large table."""
    if guess < GUESSED_FROM:
        number = found.order_by().values("pk")[: COUNTED_UP_TO + 1].count()
        if number <= COUNTED_UP_TO:
            return number, False
    return max(COUNTED_UP_TO, guess), True


def searched_keys(
    found: QuerySet[WorkOrder], sort: str, count: int, *, many: bool, before: datetime
) -> list[int]:  # fmt: skip
    """The keys of the first `count` of the orders found by words. One statement.

    None of them is newer than `before`; `many`: so many are believed to match that not all should be fetched.
    """
    if sort == "newest" and many:
        ends = [before - timedelta(days=days) for days in STRETCHES_DAYS]
        stretches = [found.filter(received_at__gte=ends[0])]
        stretches += [found.filter(received_at__gte=first, received_at__lt=end) for end, first in pairwise(ends)]
        stretches.append(found.filter(received_at__lt=ends[-1]))
    else:
        stretches = [found]
    parts: list[str] = []
    values: list[Any] = []
    for stretch in stretches:
        try:
            sql, params = stretch.order_by().values("pk", "received_at", "due_at").query.sql_with_params()
        except EmptyResultSet:
            continue
        # OFFSET 0 keeps the order out of the planner's sight, or it would walk the index of dates
        parts.append(
            f"(SELECT id FROM ({sql} OFFSET 0) AS stretch (id, received_at, due_at) ORDER BY {DIRECTIONS[sort]} LIMIT {count})"
        )
        values += params
    if not parts:
        return []
    with connection.cursor() as cursor:
        # the parts are run one after the other, a later one only while rows are wanting
        cursor.execute(f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS page LIMIT {count}", values)
        return [row[0] for row in cursor.fetchall()]


def searched_rows(
    matching: QuerySet[WorkOrder], found: QuerySet[WorkOrder], sort: str, count: int, *, before: datetime
) -> tuple[list[WorkOrder], tuple[int, bool]]:
    """Like `rows`, for orders found by words, and how many match; `found` are those after the cursor. Three or four statements."""
    guess = guessed(matching)
    many = guess > STRETCHED_FROM
    # where not many match, the keys of all are fetched in any case, and need not be counted again
    wanted = count if many else max(count, COUNTED_UP_TO + 1)
    keys = searched_keys(found, sort, wanted, many=many, before=before)
    number = (len(keys), False) if found is matching and len(keys) < wanted else counted(matching, guess)
    page = WorkOrder.objects.filter(pk__in=keys[:count])
    return named(lines(page).order_by(*ORDERINGS[sort])), number
