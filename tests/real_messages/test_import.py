"""Real messages through the register verb: every row ends as an order or in the rejects file with its reason.

The normal run takes the first 300 rows of the large file; REAL_MESSAGES=all takes the four files whole.
"""

import csv
import os
from itertools import islice
from pathlib import Path

import pytest

from huying.intake.importing import Options, Outcome, load_mapping, run
from huying.orders import reading
from huying.orders.models import Event, WorkOrder

pytestmark = pytest.mark.django_db
FIRST = 300
FILES = {"board_2019.csv": 4_326, "board_unlabelled.csv": 2_801, "replies.csv": 1_965, "labelled.parquet": 6_407}
WHOLE = os.environ.get("REAL_MESSAGES") == "all"


def imported(path: Path, mapping: str, rejects: Path) -> Outcome:
    outcome = run(path, load_mapping(Path(mapping)), Options(rejects=rejects), by=reading.SYSTEM)
    assert outcome.stopped == ""
    assert outcome.read == outcome.registered + outcome.already + outcome.rejects_count
    return outcome


def test_the_first_rows_of_the_board(messages: Path, tmp_path: Path) -> None:
    with (messages / "board_2019.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(islice(csv.reader(stream), FIRST + 1))
    for encoding in ("gb18030", "utf-8"):
        with (tmp_path / "first.csv").open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows(lines)
        outcome = imported(tmp_path / "first.csv", "board_2019", tmp_path / "rejects.csv")
        assert (outcome.read, outcome.registered + outcome.already, outcome.rejects) == (FIRST, FIRST, None)
    assert outcome.already == FIRST
    ids = [line[0] for line in lines[1:]]
    orders = WorkOrder.objects.filter(channel="board", source_id__in=ids)
    assert orders.count() == Event.objects.filter(order__in=orders).count() == FIRST
    stored = {str(order.source_id): order for order in orders}
    for line in lines[1:]:
        order = stored[line[0]]
        assert order.content == line[4].replace("\r\n", "\n").strip()
        assert (order.title, order.source_number) == (line[2].strip(), line[0])


@pytest.mark.skipif(not WHOLE, reason="REAL_MESSAGES=all imports the four files whole")
@pytest.mark.parametrize("name", FILES)
def test_a_file_whole(messages: Path, tmp_path: Path, name: str) -> None:
    outcome = imported(messages / name, name.split(".")[0], tmp_path / "rejects.csv")
    assert outcome.read == FILES[name]
    assert WorkOrder.objects.filter(channel="board").count() == outcome.registered
