"""Order numbers 工单编号: readable over the phone, and what is heard wrongly is noticed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.kernel.errors import Invalid
from huying.kernel.identifiers import LENGTH, display, looks_like_number, order_number, parse_number

DAYS = st.dates(date(2017, 1, 1), date(2099, 12, 31))
SEQUENCES = st.integers(0, 10**7)


@given(DAYS, SEQUENCES)
def test_a_number_is_read_back_as_people_write_it(day: date, sequence: int) -> None:
    number = order_number(day, sequence)
    assert (len(number), number[:8]) == (LENGTH, f"{day:%Y%m%d}")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    for text in (number, display(number), f" {display(number)} ", display(number).replace("-", "—"), wide):
        assert parse_number(text) == number
        assert looks_like_number(text)


@given(DAYS, SEQUENCES, st.integers(0, LENGTH - 1), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(day: date, sequence: int, place: int, by: int) -> None:
    number = order_number(day, sequence)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    with pytest.raises(Invalid):
        parse_number(wrong)


def test_nearly_every_swap_of_neighbours_is_noticed() -> None:
    swaps = missed = 0
    for sequence in range(0, 1_000_000, 997):
        number = order_number(date(2026, 3, 10), sequence)
        for place in range(LENGTH - 1):
            swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            if swapped != number:
                swaps += 1
                try:
                    parse_number(swapped)
                    missed += 1
                except Invalid:
                    continue
    assert missed / swaps < 0.03


@pytest.mark.parametrize("text", ["", "1", "20260310000001", "2026031000000123", "二〇二六", "x" * 15, "２０２６"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(Invalid) as fault:
        parse_number(text)
    assert fault.value.code == "bad_number"
    assert not looks_like_number(text)


def test_the_sequence_wraps_after_a_million() -> None:
    day = date(2026, 3, 10)
    assert order_number(day, 1_000_001) == order_number(day, 1)
