"""The generated pages say what the code does."""

import pytest

from huying.config.reference_pages import CLIENT, PAGES, diagram, pages, table
from huying.orders.flow import ACTIONS


@pytest.mark.parametrize("name", [*sorted(PAGES), CLIENT.name])
def test_the_page_in_the_tree_is_what_the_code_says(name: str) -> None:
    path, wanted = next((path, said) for path, said in pages().items() if path.name == name)
    assert path.read_text("utf-8") == wanted, f"{name} is out of date: run `huying write-reference`"


def test_every_action_stands_in_the_flow_page() -> None:
    page = PAGES["flow.md"]()
    assert [name for name in ACTIONS if f"`{name}`\n" not in page] == []


def test_the_diagram_draws_the_main_way() -> None:
    drawn = diagram()
    for line in (
        "to_dispatch --> in_progress: 派单",
        "reply_review --> to_call_back: 答复审核通过",
        "closed --> archived: 归档",
    ):
        assert line in drawn


def test_bars_in_cells_do_not_break_the_table() -> None:
    assert table(("a",), [("x|y",)]).splitlines()[-1] == "| x\\|y |"
