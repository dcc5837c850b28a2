"""The live stream as its listeners see it: a real ASGI run on a database where transactions really end."""

import asyncio
import itertools
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction

from huying.kernel import clock as kernel_clock
from huying.orders import hints, history, stream
from huying.orders.flow import Actor
from huying.orders.hints import Moved
from huying.orders.models import WorkOrder
from huying.orders.operations import perform, register, register_many
from huying.orders.operations.registering import Submission
from huying.orders.reading import SYSTEM, actor_of
from huying.orders.visibility import visible_to
from huying.people.models import ApiToken, Staff, Team, Unit
from huying.people.queries import TOKEN_LIFE
from huying.people.rules import ROLES, permissions_of

UNIT, OTHER_UNIT = "610113-cg", "city-jtj"
SECONDS = 10
_serial = itertools.count()


class Page:
    """A page that listens: its request, and what it was sent."""

    def __init__(self, *, token: str = "", cookie: str = "", method: str = "GET", slow: bool = False) -> None:
        headers = [(b"host", b"127.0.0.1:8001")]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        if cookie:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
        self.scope = {
            "type": "http", "method": method, "path": "/api/v1/stream", "query_string": b"", "headers": headers,
            "scheme": "http", "server": ("127.0.0.1", 8001), "http_version": "1.1",
        }  # fmt: skip
        self.status = 0
        self.text = ""
        self.left = asyncio.Event()
        self.may_read = asyncio.Event()
        if not slow:
            self.may_read.set()
        self.task: asyncio.Task[None] | None = None

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if self.text:  # the greeting is read even by a slow one
            await self.may_read.wait()
        self.text += message["body"].decode()

    async def open(self) -> "Page":
        self.task = asyncio.create_task(stream.application(self.scope, self.receive, self.send))
        await until(lambda: self.text)
        return self

    def hints(self) -> list[dict[str, Any]]:
        return [json.loads(line[5:]) for line in self.text.splitlines() if line.startswith("data:")]

    def numbers(self) -> list[str]:
        return [hint["number"] for hint in self.hints() if "number" in hint]


async def until(claim: Callable[[], Any]) -> None:
    """Wait for the claim; the test fails when it does not come true."""
    async with asyncio.timeout(SECONDS):
        while not claim():
            await asyncio.sleep(0.01)


async def in_database(work: Callable[[], Any]) -> Any:
    """Do something like another process would, on a connection of its own."""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


def play(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scenario and close what it opened."""

    async def run() -> None:
        try:
            await scenario()
        finally:
            await stream.close()

    asyncio.run(run())


def account(role: str = "operator", unit: str | None = None, *, team: Team | None = None) -> Staff:
    return Staff.objects.create(
        username=f"listener-{next(_serial)}", name="收听人", roles=[role] if role else [], password="!",
        unit=Unit.objects.get(code=unit) if unit else None, team=team,
    )  # fmt: skip


def token_of(staff: Staff) -> str:
    token = f"token-of-{staff.pk}"
    ApiToken.objects.create(
        staff=staff, digest=sha256(token.encode()).digest(), expires_at=kernel_clock.now() + TOKEN_LIFE
    )
    return token


def session_of(staff: Staff) -> str:
    store = SessionStore()
    store["_auth_user_id"] = str(staff.pk)
    store["_auth_user_hash"] = staff.get_session_auth_hash()
    store.create()
    return store.session_key or ""


def registered(by: Staff | None = None, **changes: Any) -> str:
    told = {
        "channel": "web", "nature": "complaint", "title": "路灯不亮", "content": "长延堡街道路灯三天不亮。", "matter": "010201",
        "street": "610113003",
    } | changes  # fmt: skip
    return register(Submission(**told), by=actor_of(by) if by else SYSTEM).number


def dispatched(number: str, unit: str = UNIT) -> None:
    perform(number, "dispatch", {"lead": unit}, by=Staff.objects.get(username="dispatcher"))


@pytest.fixture
def operator(committed_city: None) -> Staff:
    return account("operator")


# -- hints and their transactions


def test_a_hint_arrives_after_the_commit_and_never_after_a_rollback(operator: Staff) -> None:
    async def scenario() -> None:
        page = await Page(token=await in_database(lambda: token_of(operator))).open()
        assert page.status == 200
        assert "retry:" in page.text

        def undone() -> str:
            with transaction.atomic():
                number = registered()
                transaction.set_rollback(True)
            return number

        lost = await in_database(undone)
        kept = await in_database(registered)
        await until(lambda: kept in page.numbers())
        assert lost not in page.numbers()
        assert page.hints()[0] == {"number": kept, "version": 1, "kind": "registered"}

    play(scenario)


def test_a_move_tells_its_version_and_a_fact_asks_to_read_in_any_case(operator: Staff) -> None:
    async def scenario() -> None:
        number = await in_database(registered)
        page = await Page(token=await in_database(lambda: token_of(operator))).open()
        await in_database(lambda: dispatched(number))
        await until(lambda: page.numbers() == [number])
        version = await in_database(lambda: WorkOrder.objects.get(number=number).version)
        assert page.hints() == [{"number": number, "version": version, "kind": "dispatch"}]

        def reveal() -> None:
            history.record(WorkOrder.objects.get(number=number), "revealed", by=SYSTEM, told={"reason": "核对"})

        await in_database(reveal)
        await until(lambda: len(page.hints()) == 2)
        assert page.hints()[1] == {"number": number, "version": 0, "kind": "revealed"}

    play(scenario)


def test_a_bulk_registration_is_one_hint(operator: Staff) -> None:
    async def scenario() -> None:
        page = await Page(token=await in_database(lambda: token_of(operator))).open()
        many = [
            Submission(channel="web", nature="consult", title=f"咨询{place}", content="公积金怎么提取")
            for place in range(300)
        ]
        await in_database(lambda: register_many(many, by=SYSTEM))
        after = await in_database(registered)
        await until(page.hints)
        await in_database(registered)
        await until(lambda: len(page.numbers()) >= 1)
        assert page.hints()[0] == {"kind": "missed"}
        assert page.hints().count({"kind": "missed"}) == 1
        assert len(page.numbers()) <= 2
        assert after

    play(scenario)


# -- who hears what


def test_other_units_and_the_uninvited_hear_nothing_not_even_the_number(committed_city: None) -> None:
    own, other, quality = account("handler", UNIT), account("handler", OTHER_UNIT), account("quality")

    async def scenario() -> None:
        tokens = await in_database(lambda: [token_of(who) for who in (own, other, quality)])
        ours, theirs, outsider = [await Page(token=token).open() for token in tokens]
        secret = await in_database(lambda: registered(nature="report"))
        await in_database(lambda: dispatched(secret))
        public = await in_database(registered)
        await in_database(lambda: dispatched(public, OTHER_UNIT))
        await until(lambda: public in theirs.numbers() and public in outsider.numbers() and secret in ours.numbers())
        assert secret not in theirs.text
        assert secret not in outsider.text
        assert public not in ours.text

    play(scenario)


def test_hints_follow_the_read_door_for_every_role(committed_city: None) -> None:
    team = Team.objects.create(name=f"班{next(_serial)}")
    author = account("operator", team=team)
    numbers = [
        registered(), registered(nature="report"), registered(author, nature="report"),
        registered(author, submit=False), registered(nature="report"), registered(nature="report"),
    ]  # fmt: skip
    dispatched(numbers[4])
    dispatched(numbers[0], OTHER_UNIT)
    WorkOrder.objects.filter(number=numbers[5]).update(state="to_call_back")
    ids = dict(WorkOrder.objects.filter(number__in=numbers).values_list("pk", "number"))
    unit = Unit.objects.get(code=UNIT)
    people = [SYSTEM]
    for roles in [
        [],
        *([role] for role in ROLES),
        ["operator", "handler"],
        ["leader", "head"],
        ["callback", "handler"],
    ]:
        for who, in_team, in_unit in itertools.product((author.pk, -1), (team.pk, None), (unit.pk, None)):
            people.append(Actor(who, "", in_unit, "", 2, in_team, "", permissions_of(roles)))
    heard = hints.heard([Moved(pk, "registered") for pk in ids], people)
    answers = set()
    for person in people:
        visible = set(visible_to(person).filter(pk__in=ids).values_list("number", flat=True))
        assert {hint.number for hint in heard[person]} == visible, person
        answers.add(frozenset(visible))
    assert len(answers) > 5  # the cases differ, or this test would show nothing


def test_a_burst_costs_statements_by_what_it_touches_not_by_who_listens(
    committed_city: None, django_assert_max_num_queries: Any
) -> None:
    number = registered()
    dispatched(number)
    pk = WorkOrder.objects.get(number=number).pk
    handler = actor_of(account("handler", UNIT))
    crowd = [replace(handler, id=10_000 + place, unit_id=20_000 + place) for place in range(500)]
    crowd += [replace(handler, id=30_000 + place) for place in range(500)]
    with django_assert_max_num_queries(4):
        heard = hints.heard([Moved(pk, "dispatch")], [*crowd, SYSTEM])
    assert sum(bool(told) for told in heard.values()) == 501


# -- who may listen


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_only_reading(committed_city: None, method: str) -> None:
    async def scenario() -> None:
        assert (await Page(method=method).open()).status == 405

    play(scenario)


def test_nobody_in_particular_may_not_listen(committed_city: None) -> None:
    async def scenario() -> None:
        assert (await Page().open()).status == 401
        assert (await Page(token="wrong").open()).status == 401
        assert (await Page(cookie="wrong").open()).status == 401

    play(scenario)


def disable(staff: Staff) -> None:
    Staff.objects.filter(pk=staff.pk).update(is_active=False)


def change_password(staff: Staff) -> None:
    Staff.objects.filter(pk=staff.pk).update(password="another")


def sign_out(staff: Staff) -> None:
    Session.objects.all().delete()
    ApiToken.objects.filter(staff=staff).delete()


@pytest.mark.parametrize(
    ("way", "ends"),
    [("cookie", disable), ("token", disable), ("cookie", sign_out), ("token", sign_out), ("cookie", change_password)],
)
def test_the_stream_ends_with_the_account_or_the_session(
    operator: Staff, way: str, ends: Callable[[Staff], None]
) -> None:
    async def scenario() -> None:
        secret = await in_database(lambda: token_of(operator) if way == "token" else session_of(operator))
        page = await Page(**{way: secret}).open()
        await stream.hub().check()
        assert page.task
        assert not page.task.done()
        await in_database(lambda: ends(operator))
        await stream.hub().check()
        await asyncio.wait_for(page.task, SECONDS)
        assert (await Page(**{way: secret}).open()).status == 401

    play(scenario)


def test_the_account_is_looked_at_at_least_once_a_minute() -> None:
    assert stream.CHECK_SECONDS <= 60


def test_new_roles_count_without_signing_in_again(operator: Staff) -> None:
    person = account("")

    async def scenario() -> None:
        page = await Page(token=await in_database(lambda: token_of(person))).open()
        witness = await Page(token=await in_database(lambda: token_of(operator))).open()
        before = await in_database(registered)
        await until(lambda: before in witness.numbers())
        assert page.hints() == []
        await in_database(lambda: Staff.objects.filter(pk=person.pk).update(roles=["operator"]))
        await stream.hub().check()
        after = await in_database(registered)
        await until(lambda: page.numbers() == [after])

    play(scenario)


# -- slow readers, silence, a database that goes away


def test_a_slow_reader_is_told_that_it_missed_something(operator: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "QUEUE_LIMIT", 3)

    async def scenario() -> None:
        token = await in_database(lambda: token_of(operator))
        slow, quick = await Page(token=token, slow=True).open(), await Page(token=token).open()
        for place in range(8):
            number = await in_database(registered)
            await until(lambda: len(quick.numbers()) == place + 1)  # noqa: B023 - awaited before the next round
            assert quick.numbers()[-1] == number
        slow.may_read.set()
        await until(lambda: {"kind": "missed"} in slow.hints())
        assert len(slow.numbers()) <= 1  # what was on its way when the reader stopped reading

    play(scenario)


def test_silence_is_filled_with_a_sign_of_life(operator: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)

    async def scenario() -> None:
        page = await Page(token=await in_database(lambda: token_of(operator))).open()
        await until(lambda: page.text.count(": here") >= 3)
        number = await in_database(registered)  # and the listening connection has survived its own checks
        await until(lambda: number in page.numbers())

    play(scenario)


def test_after_a_lost_connection_listeners_read_everything_and_hear_again(operator: Staff) -> None:
    def cut() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    async def scenario() -> None:
        page = await Page(token=await in_database(lambda: token_of(operator))).open()
        await in_database(cut)
        await until(lambda: page.hints() == [{"kind": "missed"}])
        number = await in_database(registered)
        await until(lambda: number in page.numbers())

    play(scenario)


def test_without_a_database_a_new_listener_is_sent_away_to_come_again(
    operator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(scope: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(hints, "admit", away)

    async def scenario() -> None:
        assert (await Page(token="any").open()).status == 503

    play(scenario)


def test_a_page_that_hangs_up_is_forgotten(operator: Staff) -> None:
    async def scenario() -> None:
        page = await Page(token=await in_database(lambda: token_of(operator))).open()
        assert len(stream.hub().listeners) == 1
        page.left.set()
        assert page.task
        await asyncio.wait_for(page.task, SECONDS)
        assert stream.hub().listeners == set()

    play(scenario)


def test_hundreds_of_listeners_share_a_handful_of_connections(operator: Staff) -> None:
    def connected() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return int(cursor.fetchone()[0])

    async def scenario() -> None:
        token = await in_database(lambda: token_of(operator))
        pages = [await Page(token=token).open() for _ in range(300)]
        assert await in_database(connected) <= stream.THREADS + 3  # with the listening one, ours and this question's
        number = await in_database(registered)
        await until(lambda: all(number in page.numbers() for page in pages))

    play(scenario)
