"""Signing in and out over HTTP, and what slows down guessing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from huying.kernel import clock
from huying.people import throttling
from huying.people.models import ApiToken, SignInFailures, Staff
from tests.city import PASSWORD, Desk

pytestmark = pytest.mark.django_db


def sign_in(username: str = "operator", password: str = PASSWORD, address: str = "10.0.0.1", **headers: str) -> Any:
    return Client().post(
        "/api/v1/sessions", {"username": username, "password": password}, content_type="application/json",
        REMOTE_ADDR=address, headers=headers,
    )  # fmt: skip


def fail(times: int, **more: str) -> list[int]:
    return [sign_in(password="wrong-password", **more).status_code for _ in range(times)]


def test_signing_in_gives_a_token_and_says_who_one_is() -> None:
    said = sign_in().json()
    assert said["me"]["username"] == "operator"
    assert "register" in said["me"]["permissions"]
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {said['token']}"})
    assert answer.json() == said["me"]


@pytest.mark.parametrize(("username", "password"), [("operator", "x"), ("nobody", PASSWORD), ("OPERATOR", PASSWORD)])
def test_what_does_not_fit_is_not_explained(username: str, password: str) -> None:
    answer = sign_in(username, password)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_password")


def test_signing_out_ends_the_session_and_the_token(desk: Desk) -> None:
    token = desk.token("operator")
    assert desk.call("operator", "delete", "/sessions")[0] == 204
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")
    client = Client()
    client.post("/api/v1/sessions", {"username": "operator", "password": PASSWORD}, content_type="application/json")
    assert client.get("/api/v1/me").status_code == 200
    assert client.delete("/api/v1/sessions").status_code == 204
    assert client.get("/api/v1/me").status_code == 401


def test_tokens_end_with_their_time(desk: Desk) -> None:
    token = desk.token("operator")
    ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_too_many_wrong_passwords_have_to_wait() -> None:
    assert fail(throttling.MOST) == [401] * throttling.MOST
    answer = sign_in()  # even with the right one: it might be the guessed one
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert "分钟后再试" in answer.json()["detail"]
    assert 0 < int(answer.headers["Retry-After"]) <= throttling.WINDOW.total_seconds()


def test_nobody_else_has_to_wait() -> None:
    fail(throttling.MOST + 5)
    assert sign_in(address="10.0.0.2").status_code == 200, "the same account from another address"
    assert sign_in("dispatcher").status_code == 200, "another account at the same address"


def test_waiting_is_over_after_a_while_and_trying_does_not_prolong_it() -> None:
    start = clock.now()
    with clock.frozen(start):
        fail(throttling.MOST + 1)
    with clock.frozen(start + throttling.WINDOW - timedelta(seconds=1)):
        assert sign_in().status_code == 429
    with clock.frozen(start + throttling.WINDOW + timedelta(seconds=1)):
        assert sign_in().status_code == 200


def test_the_right_password_forgets_the_wrong_ones() -> None:
    for _ in range(3):
        fail(throttling.MOST - 1)
        assert sign_in().status_code == 200
    assert not SignInFailures.objects.exists()


def test_the_account_is_told_apart_by_more_than_its_spelling() -> None:
    fail(throttling.MOST, username="operator")
    assert fail(1, username=" OPERATOR ") == [429]


def test_a_proxy_on_this_machine_says_where_people_come_from() -> None:
    near = {"address": "127.0.0.1"}
    fail(throttling.MOST, **near, **{"X-Forwarded-For": "10.1.1.1"})
    assert sign_in(**near, **{"X-Forwarded-For": "10.1.1.1"}).status_code == 429
    # only the last entry is the proxy's own; what comes before it was sent by the caller
    assert sign_in(**near, **{"X-Forwarded-For": "10.9.9.9, 10.1.1.1"}).status_code == 429
    assert sign_in(**near, **{"X-Forwarded-For": "10.1.1.2"}).status_code == 200
    # nobody else is believed
    fail(throttling.MOST, address="10.5.5.5", **{"X-Forwarded-For": "10.6.6.6"})
    assert sign_in(address="10.5.5.5", **{"X-Forwarded-For": "10.7.7.7"}).status_code == 429


def test_what_was_typed_is_stored_nowhere() -> None:
    fail(1, username="my-password-in-the-wrong-box")
    row = SignInFailures.objects.get()
    assert len(bytes(row.key)) == 32
    assert row.count == 1


def test_an_account_without_a_role_may_nothing(desk: Desk) -> None:
    Staff.objects.filter(username="operator").update(roles=["no_such_role"])
    assert desk.call("operator", "get", "/me")[1]["permissions"] == []
    assert desk.call("operator", "get", "/orders")[1]["items"] == []
    assert desk.call("operator", "get", "/queues")[1] == []
