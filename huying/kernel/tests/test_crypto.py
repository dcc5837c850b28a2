"""Encryption 加密: under a key per citizen; erased with the key; found by keyed hash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.kernel import crypto

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(TEXTS)
def test_what_is_sealed_opens_again_and_does_not_show(text: str) -> None:
    key = crypto.new_key()
    sealed = crypto.encrypt(key, text)
    assert crypto.decrypt(key, sealed) == crypto.decrypt(memoryview(key), memoryview(sealed)) == text
    assert crypto.decrypt_text(key, crypto.encrypt_text(key, text)) == text
    assert crypto.open_sealed("draft", crypto.seal("draft", text)) == text
    assert len(text) < 3 or text.encode() not in sealed
    assert crypto.encrypt(key, text) != sealed


def test_another_key_or_a_changed_byte_opens_nothing() -> None:
    key, other = crypto.new_key(), crypto.new_key()
    sealed = crypto.encrypt(key, "杨试试")
    for wrapped, content in ((other, sealed), (key, sealed[:-1] + bytes([sealed[-1] ^ 1])), (key, b"\0" + sealed[1:])):
        with pytest.raises(crypto.Unreadable) as fault:
            crypto.decrypt(wrapped, content)
        assert fault.value.code == "wrong_key"
    with pytest.raises(crypto.Unreadable):
        crypto.open_sealed("notice", crypto.seal("draft", "杨试试"))
    with pytest.raises(crypto.Unreadable):
        crypto.encrypt(key[:-1] + bytes([key[-1] ^ 1]), "杨试试")


def test_an_erased_key_erases() -> None:
    with pytest.raises(crypto.Unreadable) as fault:
        crypto.decrypt(None, crypto.encrypt(crypto.new_key(), "杨试试"))
    assert (fault.value.code, fault.value.status) == ("erased", 410)
    assert crypto.decrypt(None, None) == ""


def test_hashes_find_the_same_and_differ_by_purpose() -> None:
    assert crypto.keyed_hash("phone", "13800005678") == crypto.keyed_hash("phone", "13800005678")
    assert crypto.keyed_hash("phone", "13800005678") != crypto.keyed_hash("name", "13800005678")
    assert len(crypto.keyed_hash("phone", "")) == 32


def test_a_link_depends_on_its_predecessor_and_its_content() -> None:
    links = {crypto.chain(b"", b"a"), crypto.chain(b"", b"b"), crypto.chain(b"x" * 32, b"a")}
    assert len(links) == 3
