"""登录: who is asking, by session cookie (with CSRF) or bearer token."""

import secrets
from hashlib import sha256

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from huying.kernel import clock
from huying.kernel.errors import Forbidden, Unauthenticated

from .models import ApiToken, Staff
from .queries import TOKEN_LIFE, staff_by_id, staff_by_token

SAFE = {"GET", "HEAD", "OPTIONS"}


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def signed_in(request: HttpRequest) -> Staff:
    """The account of a request. Errors: Unauthenticated `sign_in_required`, Forbidden `csrf_failed`."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        staff = staff_by_token(header[7:])
        if staff is None:
            raise Unauthenticated("bad_token", "令牌无效或已过期，请重新登录")
        return staff
    pk = request.session.get("_auth_user_id")
    staff = staff_by_id(int(pk)) if pk else None
    if staff is None or not secrets.compare_digest(request.session.get("_auth_user_hash", ""), staff.get_session_auth_hash()):
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
    """登录: starts a session and gives a bearer token. Unauthenticated `wrong_password` when it does not fit."""
    found = authenticate(request, username=username, password=password)
    if not isinstance(found, Staff):
        raise Unauthenticated("wrong_password", "账号或密码不正确")
    login(request, found)
    token = secrets.token_urlsafe(32)
    ApiToken.objects.filter(staff=found, expires_at__lt=clock.now()).delete()
    ApiToken.objects.create(
        staff=found, digest=sha256(token.encode()).digest(), label="登录", expires_at=clock.now() + TOKEN_LIFE
    )
    staff = staff_by_id(found.pk)
    if staff is None:
        raise Unauthenticated("wrong_password", "账号或密码不正确")
    return staff, token
