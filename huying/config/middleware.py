"""Headers every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .environment import environment


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Content security policy: everything from ourselves; the live stream from its own port or address."""
    env = environment()
    stream = env.public_stream_url or f"http://127.0.0.1:{env.stream_port} http://localhost:{env.stream_port}"
    policy = (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        f"connect-src 'self' {stream}; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    )

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware
