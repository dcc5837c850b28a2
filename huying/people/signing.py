"""登录: who is asking, by session cookie (with CSRF) or bearer token."""

import secrets
from hashlib import sha256

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from huying.kernel import clock
from huying.kernel.errors import Forbidden, Unauthenticated

from . import throttling
from .models import ApiToken, Staff
from .queries import TOKEN_LIFE, staff_by_id, staff_by_token

SAFE = {"GET", "HEAD", "OPTIONS"}
TOKEN_KEY = "sign_in_token"
LOOPBACK = {"127.0.0.1", "::1"}


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def bearer(request: HttpRequest) -> str | None:
    """The bearer token of a request, or None (RFC 6750; the scheme's case does not matter)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def signed_in(request: HttpRequest) -> Staff:
    """The account of a request. Errors: Unauthenticated `sign_in_required`, Forbidden `csrf_failed`."""
    token = bearer(request)
    if token is not None:
        staff = staff_by_token(token)
        if staff is None:
            raise Unauthenticated("bad_token", "令牌无效或已过期，请重新登录")
        return staff
    pk, fingerprint = request.session.get(SESSION_KEY), request.session.get(HASH_SESSION_KEY, "")
    staff = staff_by_id(int(pk)) if pk else None
    if staff is None or not secrets.compare_digest(fingerprint, staff.get_session_auth_hash()):
        raise Unauthenticated("sign_in_required", "请先登录")
    if request.method not in SAFE:
        check_csrf(request)
    return staff


def check_csrf(request: HttpRequest) -> None:
    """Refuse a cookie request that does not carry the token of the page."""
    middleware = _Csrf(lambda _: HttpResponse())
    middleware.process_request(request)
    if middleware.process_view(request, None, (), {}):  # type: ignore[arg-type]  # the view is not needed for the check
        raise Forbidden("csrf_failed", "页面已过期，请刷新后重试")


def sign_in(request: HttpRequest, username: str, password: str) -> tuple[Staff, str]:
    """登录: starts a session and gives a bearer token.

    Errors: Unauthenticated `wrong_password` when it does not fit (whether the account exists or is disabled is not
    said), TooMany `too_many_attempts`.
    """
    key = throttling.attempt(username, client_address(request))
    found = authenticate(request, username=username, password=password)
    staff = staff_by_id(found.pk) if isinstance(found, Staff) else None
    if not isinstance(found, Staff) or staff is None:
        raise Unauthenticated("wrong_password", "账号或密码不正确")
    throttling.succeeded(key)
    login(request, found)
    token = secrets.token_urlsafe(32)
    request.session[TOKEN_KEY] = sha256(token.encode()).hexdigest()  # the token ends with the session it came with
    ApiToken.objects.filter(staff=found, expires_at__lt=clock.now()).delete()
    ApiToken.objects.create(
        staff=found, digest=sha256(token.encode()).digest(), label="登录", expires_at=clock.now() + TOKEN_LIFE
    )
    return staff, token


def sign_out(request: HttpRequest) -> None:
    """退出: ends the session, and makes void the bearer token that was used and the one made with the session."""
    token = bearer(request)
    if token:
        ApiToken.objects.filter(digest=sha256(token.encode()).digest()).delete()
    of_session = request.session.get(TOKEN_KEY)
    if of_session:
        ApiToken.objects.filter(digest=bytes.fromhex(of_session)).delete()
    logout(request)


def client_address(request: HttpRequest) -> str:
    """Where a request comes from; behind a proxy on this machine, what that proxy says (the last entry is its own)."""
    near = str(request.META.get("REMOTE_ADDR", ""))
    if near in LOOPBACK:
        return request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or near
    return near
