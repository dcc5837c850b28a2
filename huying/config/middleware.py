"""Headers every answer carries."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from .environment import environment


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Content security policy: everything from ourselves; the live stream from its own port or address."""
    env = environment()

    def stream(request: HttpRequest) -> str:
        """Where this page may listen: the published address, or the stream's port on the host the page came from."""
        if env.public_stream_url:
            return env.public_stream_url
        try:
            name = split_domain_port(request.get_host())[0]
        except DisallowedHost:  # the answer is a refusal, nothing on it connects anywhere
            return ""
        return f"http://{name}:{env.stream_port}"

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        policy = (
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
            f"connect-src 'self' {stream(request)}; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
        )
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware
