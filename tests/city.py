"""A small city for tests and accounts to act with over HTTP."""

from typing import Any

from django.test import Client

PASSWORD = "huying-demo"


def load() -> None:
    """Sample reference data, accounts, and nobody drawn for review."""
    from huying.matters.models import Policy
    from huying.simulation.reference import load as load_reference
    from huying.simulation.reference import load_accounts

    load_reference()
    load_accounts()
    Policy.objects.update(review_share=0)


class Desk:
    """`desk("dispatcher").post(...)`: every account signed in with its own bearer token."""

    def __init__(self, client: type[Client]) -> None:
        self._client = client()
        self._tokens: dict[str, str] = {}

    def token(self, who: str) -> str:
        """The bearer token of an account, signed in once."""
        if who not in self._tokens:
            answer = self._client.post(
                "/api/v1/sessions", {"username": who, "password": PASSWORD}, content_type="application/json"
            )
            self._tokens[who] = answer.json()["token"]
        return self._tokens[who]

    def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """(status, JSON) of a request by an account."""
        sent = getattr(self._client, method)(
            f"/api/v1{path}", body, content_type="application/json",
            headers={"Authorization": f"Bearer {self.token(who)}", **headers},
        )  # fmt: skip
        return sent.status_code, sent.json() if sent.content else None

    def do(self, who: str, number: str, verb: str, **told: Any) -> Any:
        """A verb that must succeed."""
        status, order = self.call(who, "post", f"/orders/{number}/{verb}", told)
        assert status == 200, order
        return order

    def refused(self, who: str, number: str, verb: str, **told: Any) -> tuple[int, str]:
        """(status, code) of a verb that must not succeed."""
        status, problem = self.call(who, "post", f"/orders/{number}/{verb}", told)
        assert status >= 400, problem
        return status, problem["code"]

    def register(self, who: str = "operator", **changes: Any) -> Any:
        """A complaint about a street market, registered."""
        body = {
            "channel": "phone", "nature": "complaint", "title": "夜市占道", "content": "长延堡街道夜市摊位占满人行道，晚上没法走路。",
            "matter": "010201", "place": {"text": "雁塔区长延堡街道某某路口", "street": "610113003"},
            "citizen": {"name": "杨试试", "phone": "13800005678", "anonymous": False}, "urgency": "normal",
        } | changes  # fmt: skip
        status, order = self.call(who, "post", "/orders", body)
        assert status == 201, order
        return order
