"""The few pages that belong to no app: readiness, metrics, the staff client's shell, the front door."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import ensure_csrf_cookie
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from .environment import environment

LOOPBACK = {"127.0.0.1", "::1"}
PROXIED = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip")
_ready = {"migrated": False}


def healthz(request: HttpRequest) -> JsonResponse:
    """200 {"status": "ok"} once the database answers and is migrated; 503 before."""
    try:
        if not _ready["migrated"]:
            executor = MigrationExecutor(connection)
            _ready["migrated"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
    except Exception as fault:
        return JsonResponse({"status": "unavailable", "reason": type(fault).__name__}, status=503)
    if not _ready["migrated"]:
        return JsonResponse({"status": "migrating"}, status=503)
    return JsonResponse({"status": "ok"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for loopback or whoever holds the token."""
    token = environment().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    # behind a proxy on the same machine everybody comes from loopback
    near = request.META.get("REMOTE_ADDR") in LOOPBACK and not any(name in request.headers for name in PROXIED)
    if not near and not (token and constant_time_compare(given, token)):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@ensure_csrf_cookie
def desk(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """The staff client: a built file when there is one of that name, else its shell."""
    root: Path = settings.WEB_DIST
    file = (root / rest).resolve()
    if rest and file.is_file() and file.is_relative_to(root):
        answer = FileResponse(file.open("rb"))
        if rest.startswith("assets/"):
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer
    shell = root / "index.html"
    if "." in rest.rsplit("/", 1)[-1] or not shell.exists():
        raise Http404
    answer = FileResponse(shell.open("rb"), content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def front(request: HttpRequest) -> HttpResponse:
    """The front door; the public portal comes with its own work, until then staff are led to the desk."""
    return redirect("/desk/")
