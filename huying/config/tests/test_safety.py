"""Production refuses each unsafe setting with its own sentence, and starts when all are mended."""

import dataclasses
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from huying.config import safety
from huying.config.environment import Environment, read
from huying.people.models import Staff

SAFE = {
    "HUYING_MODE": "production",
    "HUYING_SECRET_KEY": secrets.token_hex(32),
    "HUYING_MASTER_KEY": secrets.token_hex(32),
    "HUYING_ALLOWED_HOSTS": "hotline.city.cn",
    "HUYING_TRUSTED_ORIGINS": "https://hotline.city.cn",
}


def env(**changes: Any) -> Environment:
    return dataclasses.replace(read(SAFE), **changes)


def test_safe_settings_are_accepted() -> None:
    assert safety.unsafe_settings(env(), debug=False) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"secret_key": ""}, "HUYING_SECRET_KEY"),
        ({"secret_key": "0123456789abcdef"}, "HUYING_SECRET_KEY"),
        ({"secret_key": "a" * 64}, "HUYING_SECRET_KEY"),
        ({"secret_key": "django-insecure-0123456789abcdefghijklmnop"}, "HUYING_SECRET_KEY"),
        ({"master_key": ""}, "HUYING_MASTER_KEY"),
        ({"master_key": "short"}, "HUYING_MASTER_KEY"),
        ({"master_key": SAFE["HUYING_SECRET_KEY"]}, "相同"),
        ({"allowed_hosts": ("hotline.city.cn", "*")}, "HUYING_ALLOWED_HOSTS"),
        ({"trusted_origins": ("http://hotline.city.cn",)}, "HUYING_TRUSTED_ORIGINS"),
    ],
)
def test_each_unsafe_setting_is_named_alone(changes: dict[str, Any], word: str) -> None:
    (sentence,) = safety.unsafe_settings(env(**changes), debug=False)
    assert word in sentence


def test_debug_is_refused() -> None:
    (sentence,) = safety.unsafe_settings(env(), debug=True)
    assert "调试" in sentence


def test_no_sentence_shows_a_key() -> None:
    words = "".join(safety.unsafe_settings(env(secret_key="short-key-1", master_key="short-key-2"), debug=True))
    assert "short-key" not in words


@pytest.mark.django_db
def test_usable_demo_accounts_are_named() -> None:
    Staff.objects.all().delete()
    assert safety.unsafe_accounts() == []
    opened = make_password("huying-demo")
    Staff.objects.create(username="operator", password=opened)
    Staff.objects.create(username="dispatcher", password=opened, is_active=False)
    Staff.objects.create(username="handler", password=make_password("another password"))
    Staff.objects.create(username="somebody", password=opened)
    assert safety.usable_demo_accounts() == ["operator"]
    (sentence,) = safety.unsafe_accounts()
    assert "operator" in sentence
    assert "dispatcher" not in sentence


def run(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in an environment of its own, beside the server of this test run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUYING_")}
    url = os.environ.get("HUYING_DATABASE_URL")
    if not url:
        from huying.runtime import postgres

        url = postgres.database_url(Path(os.environ["HUYING_HOME"]))
    return subprocess.run(
        [sys.executable, "-m", "huying", *arguments], capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path,
        env=kept | {"HUYING_HOME": str(tmp_path / "home"), "HUYING_DATABASE_URL": url} | variables,
    )  # fmt: skip


def test_the_command_prints_a_numbered_list_and_leaves_with_2(tmp_path: Path) -> None:
    done = run(tmp_path, "worker", HUYING_MODE="production", HUYING_ALLOWED_HOSTS="*")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for number in range(1, 5):
        assert f"  {number}. " in done.stderr
    assert "HUYING_ALLOWED_HOSTS" in done.stderr


def test_check_settings_with_a_hyphen(tmp_path: Path) -> None:
    done = run(tmp_path, "check-settings")
    assert done.returncode == 2
    assert "HUYING_TRUSTED_ORIGINS" in done.stdout
    assert "Unknown command" not in done.stderr


def test_a_wrong_setting_is_two_lines_and_no_traceback(tmp_path: Path) -> None:
    done = run(tmp_path, "check", HUYING_PORT="eighty")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 2
    assert "HUYING_PORT" in done.stderr


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, "worker", HUYING_DATABASE_URL="postgresql://nobody:hidden@127.0.0.1:9/none")
    assert done.returncode == 2
    assert "HUYING_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr
