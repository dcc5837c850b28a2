"""Readiness, metrics, the staff client's shell and the headers on every answer."""

from pathlib import Path

import pytest
from django.test import Client, override_settings


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A built client."""
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<title>呼应</title>", "utf-8")
    (tmp_path / "dist" / "assets" / "app.js").write_text("1")
    (tmp_path / "secret.txt").write_text("no")
    return tmp_path / "dist"


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_is_migrated(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_metrics_are_for_this_machine(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    # the proxy on this machine is not the visitor
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/desk/", "/desk/orders/2026", "/desk/queue"])
def test_the_client_answers_its_own_addresses(client: Client, shell: Path, path: str) -> None:
    with override_settings(WEB_DIST=shell):
        answer = client.get(path)
    assert answer.status_code == 200
    assert "呼应" in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a file answer streams
    assert "huying_csrf" in answer.cookies


@pytest.mark.django_db
def test_built_files_are_kept_long_and_missing_ones_are_missing(client: Client, shell: Path) -> None:
    with override_settings(WEB_DIST=shell):
        assert "immutable" in client.get("/desk/assets/app.js")["Cache-Control"]
        assert client.get("/desk/assets/other.js").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/desk/../secret.txt", "/desk/%2e%2e/secret.txt", "/desk/assets/../../secret.txt"])
def test_nothing_outside_the_client_is_served(client: Client, shell: Path, path: str) -> None:
    with override_settings(WEB_DIST=shell):
        answer = client.get(path)
    assert answer.status_code == 404


@pytest.mark.django_db
def test_every_answer_carries_the_policy(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "localhost:8000"})
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "connect-src 'self' http://localhost:8001;" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400
