"""Encryption 加密: personal fields under a key per citizen, which is itself wrapped by the master key.

AES-256-GCM (NIST SP 800-38D), random 96-bit nonces; erasing a citizen's key erases every field under it
(crypto-shredding). Exact search goes through a keyed hash (HMAC-SHA-256), never through the text.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import HuyingError

NONCE = 12
Sealed = bytes | memoryview  # the database driver gives either


class Unreadable(HuyingError):
    """The key was erased, or is not the one it was written with."""

    status = 410


def derive(master: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose, from the master key."""
    return hmac.new(master.encode(), f"huying:{purpose}".encode(), hashlib.sha256).digest()


@lru_cache(maxsize=8)
def _purpose_key(purpose: str) -> bytes:
    from django.conf import settings

    return derive(settings.HUYING_MASTER_KEY, purpose)


def new_key() -> bytes:
    """A fresh data key, wrapped by the master key, ready to be stored."""
    return _seal(_purpose_key("wrap"), os.urandom(32))


@lru_cache(maxsize=4096)
def _unwrap(wrapped: bytes) -> AESGCM:
    return AESGCM(_open(_purpose_key("wrap"), wrapped))


def encrypt(wrapped: Sealed, text: str) -> bytes:
    """The text under the (wrapped) data key: nonce + ciphertext + tag."""
    nonce = os.urandom(NONCE)
    return nonce + _unwrap(bytes(wrapped)).encrypt(nonce, text.encode(), None)


def decrypt(wrapped: Sealed | None, sealed: Sealed | None) -> str:
    """The text again; Unreadable `erased` when the key is gone."""
    if not sealed:
        return ""
    if not wrapped:
        raise Unreadable("erased", "该诉求人的个人信息已按规定删除")
    content = bytes(sealed)
    try:
        return _unwrap(bytes(wrapped)).decrypt(content[:NONCE], content[NONCE:], None).decode()
    except InvalidTag:
        raise Unreadable("wrong_key", "个人信息无法解密，请联系系统管理员核对主密钥") from None


def encrypt_text(wrapped: Sealed, text: str) -> str:
    """Like `encrypt`, in printable form for JSON."""
    return base64.b64encode(encrypt(wrapped, text)).decode()


def decrypt_text(wrapped: Sealed | None, sealed: str) -> str:
    """The inverse of `encrypt_text`."""
    return decrypt(wrapped, base64.b64decode(sealed))


def keyed_hash(purpose: str, text: str) -> bytes:
    """32 bytes that find the same text again and tell nothing without the master key."""
    return hmac.new(_purpose_key(f"hash:{purpose}"), text.encode(), hashlib.sha256).digest()


def chain(previous: bytes, content: bytes) -> bytes:
    """The next link of a tamper-evident chain: who only has the database cannot make one."""
    return hmac.new(_purpose_key("chain"), previous + content, hashlib.sha256).digest()


def _seal(key: bytes, content: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, None)


def _open(key: bytes, sealed: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], None)
    except InvalidTag:
        raise Unreadable("wrong_key", "个人信息无法解密，请联系系统管理员核对主密钥") from None


def seal(purpose: str, text: str) -> bytes:
    """Text under a key of a purpose, for what belongs to no citizen yet (drafts)."""
    return _seal(_purpose_key(purpose), text.encode())


def open_sealed(purpose: str, sealed: Sealed) -> str:
    """The inverse of `seal`."""
    return _open(_purpose_key(purpose), bytes(sealed)).decode()
