"""Errors 拒绝与错误: each has a stable code and a Chinese sentence a clerk can act on (RFC 9457 over HTTP)."""

from typing import Any


class HuyingError(Exception):
    """Base: `code` is stable snake_case, `sentence` is for people, `details` go into the problem document."""

    status = 500

    def __init__(self, code: str, sentence: str, **details: Any) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
        self.details = details


class Invalid(HuyingError):
    """422: what was sent cannot be used; `errors` = [{field, sentence}]."""

    status = 422


class Unauthenticated(HuyingError):
    """401: not signed in."""

    status = 401


class Forbidden(HuyingError):
    """403: signed in, without the permission."""

    status = 403


class NotFound(HuyingError):
    """404: does not exist, or this person may not know that it does."""

    status = 404


class Refused(HuyingError):
    """409: the rules say no; nothing was changed."""

    status = 409


class Stale(HuyingError):
    """409 `stale`: somebody else changed it first; details say who did what."""

    status = 409


class TooLarge(HuyingError):
    """413: body, text or file above its limit."""

    status = 413


class TooMany(HuyingError):
    """429: slow down."""

    status = 429
