"""Text, clock and paging: what cannot be stored is refused by name, the rest is kept as it was typed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.kernel import clock, paging, text
from huying.kernel.errors import Invalid, TooLarge


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe"])
def test_what_cannot_be_stored_is_refused(bad: str) -> None:
    with pytest.raises(Invalid) as fault:
        text.clean(f"路灯{bad}不亮", "content", limit=100, label="诉求内容")
    assert fault.value.code == "bad_text"
    assert fault.value.details["errors"][0]["field"] == "content"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=100))
def test_everything_else_is_kept(said: str) -> None:
    assert text.clean(said, "content", limit=100, label="诉求内容") == said.strip()


def test_line_ends_become_one_kind() -> None:
    assert text.clean(" 一\r\n二\r三\n四\t五 ", "content", limit=100, label="诉求内容") == "一\n二\n三\n四\t五"


def test_nothing_is_cut_silently() -> None:
    assert len(text.clean("长" * 100, "content", limit=100, label="诉求内容")) == 100
    with pytest.raises(TooLarge) as fault:
        text.clean("长" * 101, "content", limit=100, label="诉求内容")
    assert (fault.value.code, fault.value.status) == ("text_too_long", 413)
    assert "101" in fault.value.sentence


@pytest.mark.parametrize(
    "typed",
    ["13800005678", "138 0000 5678", "138-0000-5678", "+86 13800005678", "8613800005678", "１３８００００５６７８"],
)
def test_a_telephone_number_as_people_type_it(typed: str) -> None:
    assert text.digits_only(typed) == "13800005678"


def test_a_frozen_clock_stands_still_and_goes_on_afterwards() -> None:
    moment = datetime(2026, 2, 16, 4, 0, tzinfo=UTC)
    with clock.frozen(moment):
        assert clock.now() == moment
        with clock.frozen(moment - timedelta(days=1)):
            assert clock.now() < moment
        assert clock.now() == moment
        assert clock.local(clock.now()).hour == 12
    assert clock.now() > moment
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2026, 2, 16)):
        pass


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**63 - 1))
def test_a_cursor_is_read_back(moment: datetime, row: int) -> None:
    assert paging.decode(paging.encode(moment, row)) == (moment, row)


@pytest.mark.parametrize("cursor", ["", "x", "💣", "W10", "bnVsbA", "WyIyMDI2LTAxLTAxIiwgMV0", "W" * 500])
def test_a_cursor_that_is_not_ours(cursor: str) -> None:
    with pytest.raises(Invalid) as fault:
        paging.decode(cursor)
    assert fault.value.code == "bad_cursor"
