"""The shipping defaults 时限 as a table (hotline-domain.md 2.4), and which rule wins."""

import pytest

from huying.matters.rules import (
    DEFAULT_LIMITS,
    LIMIT_KINDS,
    Limit,
    Line,
    Where,
    limit_for,
    lines_for,
    unit_code,
)
from huying.worktime.rules import Span

SHIPPED = tuple(
    Limit(kind, nature, urgency, None, Span(amount, measure))  # type: ignore[arg-type]  # the shipped table's words
    for kind, nature, urgency, amount, measure in DEFAULT_LIMITS
)


@pytest.mark.parametrize(
    ("kind", "nature", "urgency", "amount", "measure"),
    [
        # sign 签收: urgent 30 min, else 4 working hours
        ("sign", "complaint", "normal", 4, "working_hours"),
        ("sign", "complaint", "urgent", 30, "minutes"),
        # first contact: 2 h urgent, 1 working day
        ("contact", "complaint", "normal", 1, "working_days"),
        ("contact", "complaint", "urgent", 2, "hours"),
        ("contact", "complaint", "critical", 2, "hours"),
        # return 退单: within 1 working day; reviewed by the dispatcher within 4 h
        ("return_window", "complaint", "normal", 1, "working_days"),
        ("return_decision", "complaint", "normal", 4, "hours"),
        # handling: 特急 2 h, 紧急 24 h, 咨询 2 wd, all others 5 wd
        ("handle", "complaint", "critical", 2, "hours"),
        ("handle", "complaint", "urgent", 24, "hours"),
        ("handle", "consult", "normal", 2, "working_days"),
        ("handle", "consult", "urgent", 24, "hours"),
        ("handle", "suggestion", "normal", 5, "working_days"),
        ("handle", "praise", "normal", 5, "working_days"),
        ("handle", "help", "normal", 5, "working_days"),
        ("handle", "complaint", "normal", 5, "working_days"),
        ("handle", "report", "normal", 5, "working_days"),
        # call-back within 2 working days of the reply
        ("call_back", "complaint", "normal", 2, "working_days"),
        ("call_back", "report", "critical", 2, "working_days"),
    ],
)
def test_shipping_defaults(kind: str, nature: str, urgency: str, amount: float, measure: str) -> None:
    span = limit_for(kind, nature, urgency, None, SHIPPED)
    assert span is not None
    assert (span.amount, span.unit) == (amount, measure)


def test_redoing_has_half_the_limit() -> None:
    """重办: 3 working days of 5 (hotline-domain.md 2.4)."""
    span = limit_for("handle", "complaint", "normal", None, SHIPPED)
    assert span is not None
    assert (span.halved().amount, span.halved().unit) == (3, "working_days")


def test_every_clock_of_an_urgent_order_is_no_longer_than_of_a_normal_one() -> None:
    minutes = {"minutes": 1, "hours": 60, "working_hours": 60, "working_days": 9 * 60}
    for kind in LIMIT_KINDS:
        lengths = []
        for urgency in ("normal", "urgent", "critical"):
            span = limit_for(kind, "complaint", urgency, None, SHIPPED)
            assert span is not None, kind
            # 24 hours round the clock are shorter than 5 working days, however long these are
            lengths.append(span.amount * minutes[span.unit])
        assert lengths == sorted(lengths, reverse=True), kind


def limit(nature: str = "", urgency: str = "", unit: int | None = None, *, amount: float) -> Limit:
    return Limit("handle", nature, urgency, unit, Span(amount, "hours"))


def test_the_most_specific_rule_wins() -> None:
    rules = (
        limit(amount=1), limit("report", amount=2), limit(urgency="urgent", amount=3), limit("report", "urgent", amount=4),
        limit(unit=7, amount=5), limit("report", unit=7, amount=6),
    )  # fmt: skip

    def found(nature: str, urgency: str, unit: int | None) -> float | None:
        span = limit_for("handle", nature, urgency, unit, rules)
        return span.amount if span else None

    assert found("help", "normal", None) == 1
    assert found("report", "normal", None) == 2
    assert found("help", "urgent", 8) == 3
    assert found("report", "urgent", None) == 4
    assert found("help", "urgent", 7) == 5
    assert found("report", "urgent", 7) == 6
    assert limit_for("sign", "help", "normal", None, rules) is None


def line(code: str, *matters: str) -> Line:
    return Line(code, code, frozenset(matters), "A:cg", (), True, "", "")


def test_a_line_for_the_leaf_comes_before_the_line_of_its_group() -> None:
    lines = (line("1", "0101"), line("2", "010102"), line("3", "010102", "010103"))
    assert [item.code for item in lines_for("010102", lines)] == ["2", "3"]
    assert [item.code for item in lines_for("010101", lines)] == ["1"]
    assert lines_for("020101", lines) == []


@pytest.mark.parametrize(
    ("target", "where", "code"),
    [
        ("U:city-cgj", Where(), "city-cgj"),
        ("A:cg", Where("610113"), "610113-cg"),
        ("A", Where("610113"), "610113"),
        ("S", Where("610113", "610113003"), "610113003"),
        ("A:cg", Where("610113", "610113006", "zone-gaoxin"), "zone-gaoxin"),
        ("S", Where("610113", "610113006", "zone-gaoxin"), "610113006"),
        ("A:cg", Where(), None),
        ("S", Where("610113"), None),
    ],
)
def test_a_target_means_a_unit_at_a_place(target: str, where: Where, code: str | None) -> None:
    assert unit_code(target, where) == code
