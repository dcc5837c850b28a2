"""Tokens end with what they came from."""

import pytest
from django.test import Client

from huying.people.models import ApiToken, Staff
from tests.city import PASSWORD

pytestmark = pytest.mark.django_db


def signed(client: Client) -> str:
    answer = client.post(
        "/api/v1/sessions", {"username": "operator", "password": PASSWORD}, content_type="application/json"
    )
    return str(answer.json()["token"])


def works(token: str) -> bool:
    return Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_signing_out_by_cookie_ends_the_token_of_that_session(client: Client) -> None:
    token = signed(client)
    other = signed(Client())
    assert works(token)
    assert client.delete("/api/v1/sessions").status_code == 204
    assert not works(token)
    assert works(other)


def test_a_new_password_ends_all_tokens(client: Client) -> None:
    token = signed(client)
    staff = Staff.objects.get(username="operator")
    staff.set_password("another-long-password")
    staff.save()
    assert not works(token)
    assert not ApiToken.objects.filter(staff=staff).exists()


def test_saving_something_else_keeps_them(client: Client) -> None:
    token = signed(client)
    staff = Staff.objects.get(username="operator")
    staff.name = "秦悦悦"
    staff.save()
    assert works(token)
