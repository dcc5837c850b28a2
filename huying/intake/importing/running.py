"""批量导入: batch after batch through `register_many`, each one transaction. A broken run is run again.

Every row that is read ends as an order, as one that was there before, or in the rejects file with its reason.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DatabaseError, DataError, IntegrityError, transaction

from huying.kernel import clock
from huying.kernel.errors import Forbidden, HuyingError, Invalid, Refused
from huying.kernel.identifiers import looks_like_number
from huying.orders import reading
from huying.orders.flow import Actor, Channel
from huying.orders.models import Event, WorkOrder
from huying.orders.operations import register_many
from huying.orders.operations.registering import Submission
from huying.orders.visibility import visible_to

from ..fields import OWN_PREFIX
from ..files import FileUnusable, Progress, Row, Table, open_table
from .mapping import Mapping, MappingWrong, proposed
from .rejects import Rejects, default_path
from .understanding import Problem, Understanding

BATCH = 500
MAX_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Options:
    """How to import; empty values mean what the mapping or the file says."""

    channel: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    rejects: Path | None = None
    dry_run: bool = False
    batch: int = BATCH


@dataclass(slots=True)
class Outcome:
    """What became of the rows. `stopped` is why the run ended before the file did."""

    read: int = 0
    registered: int = 0
    already: int = 0
    blank: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    rejects: Path | None = None
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    stopped: str = ""

    @property
    def rejects_count(self) -> int:
        """How many rows were rejected."""
        return sum(self.rejected.values())


def opened(path: Path, mapping: Mapping | None, options: Options) -> Table:
    """The file, read as the options and the mapping's [file] section say. Errors: FileUnusable."""
    told = mapping.file if mapping else {}
    return open_table(
        path, encoding=options.encoding or told.get("encoding", "auto"), header_row=told.get("header_row", 1),
        sheet=options.sheet or told.get("sheet", ""), delimiter=options.delimiter or told.get("delimiter", ""),
    )  # fmt: skip


def run(
    path: Path, mapping: Mapping | None, options: Options, *, by: Actor,
    watch: Callable[[Progress, Outcome], None] | None = None,
) -> Outcome:  # fmt: skip
    """导入: register the rows of a file; without a mapping by what its header suggests.

    `watch` is told after every batch. With `dry_run` every batch is rolled back. Errors: Forbidden; FileUnusable and
    MappingWrong, both before the first row; Invalid for wrong options.
    """
    if not (by.system or by.may("import")):
        raise Forbidden("no_permission", "您没有“批量导入”的权限")
    if not 1 <= options.batch <= MAX_BATCH:
        raise Invalid("bad_batch", f"每批行数须在1到{MAX_BATCH}之间")
    if options.channel and options.channel not in list(Channel):
        raise Invalid("unknown_channel", f"没有编码为“{options.channel}”的渠道，可用：{'、'.join(Channel)}")
    with opened(path, mapping, options) as table:
        mapping = mapping or proposed(table.header, table.repeated)
        if "nature" not in {*mapping.columns, *mapping.constants, *mapping.defaults}:
            raise MappingWrong(
                "no_nature", '映射没有说性质：请在 [columns] 里写列名，或在 [constants] 里写 nature = "help" 等'
            )
        understanding = Understanding(table, mapping, channel=options.channel, file_name=path.name[:100])
        return _Run(
            table, understanding, Rejects(options.rejects or default_path(path), table.header), options, by, watch
        ).go()


class _Run:
    """One import under way."""

    def __init__(
        self, table: Table, understanding: Understanding, rejects: Rejects, options: Options, by: Actor,
        watch: Callable[[Progress, Outcome], None] | None,
    ) -> None:  # fmt: skip
        self.table, self.understanding, self.rejects, self.options, self.by, self.watch = (
            table, understanding, rejects, options, by, watch
        )  # fmt: skip
        self.outcome = Outcome(notes=list(table.notes))
        self.pending: list[tuple[Row, Submission]] = []

    def go(self) -> Outcome:
        """Read to the end, or to what stops it."""
        began = time.perf_counter()
        try:
            self._all()
        except FileUnusable as fault:
            self.outcome.stopped = fault.sentence
            self._last()
        except DatabaseError as fault:  # the connection, the disk, a missing migration: not the fault of a row
            self.outcome.stopped = f"数据库出错（{type(fault).__name__}）"
        except OSError as fault:
            self.outcome.stopped = f"读写文件出错（{fault.strerror or fault}）"
        except KeyboardInterrupt:
            self.outcome.stopped = "已中断"
        # what was read but not decided is not counted as read: the next run reads it again
        self.outcome.read -= len(self.pending)
        self.outcome.rejects = self.rejects.close()
        self.outcome.seconds = time.perf_counter() - began
        return self.outcome

    def _last(self) -> None:
        """The rows before a damaged place still go in."""
        try:
            self._flush()
        except (DatabaseError, OSError) as fault:
            self.outcome.stopped += f"；{type(fault).__name__}"

    def _all(self) -> None:
        now = clock.now()
        for row in self.table.rows():
            if row.blank():
                self.outcome.blank += 1
                continue
            self.outcome.read += 1
            found = self.understanding.submission(row, now)
            if isinstance(found, Problem):
                self._reject(row, found)
            else:
                self.pending.append((row, found))
                if len(self.pending) >= self.options.batch:
                    self._flush()
                    now = clock.now()
        self._flush()

    def _reject(self, row: Row, problem: Problem) -> None:
        self.rejects.add(row, problem)
        self.outcome.rejected[problem.code] += 1
        self.outcome.reasons.setdefault(problem.code, problem.sentence)

    def _flush(self) -> None:
        """Register what is pending and account for it."""
        submissions = [submission for _, submission in self.pending]
        results = _registered(submissions, self.by, dry_run=self.options.dry_run) if submissions else []
        self.rejects.flush()
        for (row, _), result in zip(self.pending, results, strict=True):
            if isinstance(result, WorkOrder):
                self.outcome.registered += 1
            elif result.code == "already_registered":
                self.outcome.already += 1
            else:
                self._reject(row, self.understanding.because(row, result.code, result.sentence))
        self.pending = []
        if self.watch:
            self.watch(self.table.progress(), self.outcome)


Results = list[WorkOrder | HuyingError]


def _registered(submissions: Sequence[Submission], by: Actor, *, dry_run: bool) -> Results:
    """For each submission its order, or why there is none; `already_registered` only for what really is the same."""
    try:
        return _batch(submissions, by, dry_run=dry_run)
    except (DataError, IntegrityError):
        # one row that the database will not have must not keep the others out: one by one tells which
        return [_alone(submission, by, dry_run=dry_run) for submission in submissions]


def _alone(submission: Submission, by: Actor, *, dry_run: bool) -> WorkOrder | HuyingError:
    try:
        return _batch([submission], by, dry_run=dry_run)[0]
    except (DataError, IntegrityError) as fault:
        return Refused("database_refused", f"数据库不接受这一行（{type(fault).__name__}），请联系系统管理员")


def _batch(submissions: Sequence[Submission], by: Actor, *, dry_run: bool) -> Results:
    scope: AbstractContextManager[object] = transaction.atomic() if dry_run else nullcontext()
    with scope:
        own = _own_numbers(submissions)
        fresh = [submission for submission in submissions if submission.source_id not in own]
        made = iter(register_many(fresh, by=by))
        results: Results = [
            Refused("already_registered", "这张工单就在本系统里", number=own[submission.source_id])
            if submission.source_id in own else next(made)
            for submission in submissions
        ]  # fmt: skip
        results = _without_conflicts(submissions, results)
        if dry_run:
            transaction.set_rollback(True)
    return results


def _own_numbers(submissions: Sequence[Submission]) -> dict[str | None, str]:
    """Source ids that are numbers of orders of this very system (an export that comes back), as far as they are here."""
    wanted = {
        number: s.source_id for s in submissions
        if s.source_id and s.source_id.startswith(OWN_PREFIX) and looks_like_number(number := s.source_id[len(OWN_PREFIX) :])
    }  # fmt: skip
    if not wanted:
        return {}
    there = visible_to(reading.SYSTEM).filter(number__in=list(wanted)).values_list("number", flat=True)
    return {wanted[number]: number for number in there}


def _without_conflicts(submissions: Sequence[Submission], results: Results) -> Results:
    """A source id that stands for another text here than in the file would hide a row: that one is rejected.

    An order whose text was corrected or added to since it was registered is not compared.
    """
    repeated = {
        str(result.details["number"]): place for place, result in enumerate(results)
        if isinstance(result, HuyingError) and result.code == "already_registered"
    }  # fmt: skip
    if not repeated:
        return results
    known = {
        order.number: order for order in visible_to(reading.SYSTEM).filter(number__in=list(repeated)).only("number", "content", "version")
    }  # fmt: skip
    changed = set(
        Event.objects.filter(order__number__in=list(known), kind__in=("correct", "supplement")).values_list(
            "order__number", flat=True
        )
    )
    for place, result in enumerate(results):
        if not (isinstance(result, HuyingError) and result.code == "already_registered"):
            continue
        number = str(result.details["number"])
        order = known.get(number)
        if order and number not in changed and order.content != _as_stored(submissions[place].content):
            results[place] = Refused(
                "source_conflict",
                f"来源编号“{submissions[place].source_id}”已登记为工单{number}，但内容与这一行不同，请核对编号",
            )
    return results


def _as_stored(content: str) -> str:
    return content.replace("\r\n", "\n").replace("\r", "\n").strip()
