"""Words that two layers hold, because the lower one cannot ask the upper."""

from huying.matters.rules import DEFAULT_LIMITS, LIMIT_KINDS, LIMIT_NATURES
from huying.orders.flow import ClockKind, Nature, Urgency


def test_the_catalogue_names_clocks_and_natures_as_the_flow_does() -> None:
    flow = {kind.value: kind.label for kind in ClockKind}
    assert {name: flow.get(name) for name in LIMIT_KINDS} == LIMIT_KINDS
    # redo halves the limit of handling; a promise has its own date
    assert flow.keys() - LIMIT_KINDS.keys() == {"redo", "promise"}
    assert {nature.value: nature.label for nature in Nature} == LIMIT_NATURES


def test_the_shipped_limits_are_about_clocks_natures_and_urgencies_that_exist() -> None:
    assert {kind for kind, *_ in DEFAULT_LIMITS} == LIMIT_KINDS.keys()
    assert {nature for _, nature, *_ in DEFAULT_LIMITS} <= {"", *LIMIT_NATURES}
    assert {urgency for _, _, urgency, *_ in DEFAULT_LIMITS} <= {"", *(item.value for item in Urgency)}
