"""The settings: what each accepts, what is said when it does not, and that .env.example lists them all."""

import os
import re
import threading
from pathlib import Path

import pytest

from huying.config import testing
from huying.config.environment import NAMES, SettingError, read
from huying.runtime.faults import CannotStart

EXAMPLE = Path(__file__).resolve().parents[3] / ".env.example"


def given(home: Path, **variables: str) -> dict[str, str]:
    return {"HUYING_HOME": str(home), **{f"HUYING_{name}": value for name, value in variables.items()}}


def test_nothing_need_be_set(tmp_path: Path) -> None:
    env = read(given(tmp_path))
    assert (env.mode, env.port, env.stream_port, env.database_url, env.unknown) == ("development", 8000, 8001, None, ())
    assert env.trusted_origins == ("http://127.0.0.1:8000", "http://localhost:8000")


def test_the_example_lists_every_setting_and_no_other() -> None:
    listed = re.findall(r"^#(HUYING_[A-Z_]+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(f"HUYING_{name}" for name in NAMES)


def test_the_example_shows_the_real_defaults(tmp_path: Path) -> None:
    plain = read(given(tmp_path))
    shown = dict(re.findall(r"^#HUYING_([A-Z_]+)=(.*)$", EXAMPLE.read_text("utf-8"), re.MULTILINE))
    of_one_place = ("HOME", "PUBLIC_STREAM_URL", "DATABASE_URL", "LAKE_URL", "SECRET_KEY_FILE", "MASTER_KEY_FILE")
    for name in of_one_place:
        shown.pop(name)
    assert read(given(tmp_path, **shown)) == plain


def test_the_example_explains_each_setting_in_both_languages() -> None:
    for block in EXAMPLE.read_text("utf-8").split("\n\n")[1:]:
        words = " ".join(line for line in block.splitlines() if not re.match(r"#HUYING_", line))
        assert re.search(r"[\u4e00-\u9fff]{2}", words), block
        assert re.search(r"[A-Za-z]{4}", words), block


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"), ("PORT", "0"), ("PORT", "65536"), ("PORT", "８０８０"), ("STREAM_PORT", "1.5"), ("WEB_WORKERS", "-1"),
        ("MODE", "prod"), ("DEMO_SPEED", "fast"), ("DEMO_SPEED", "0"), ("DEMO_SPEED", "nan"), ("DEMO_SPEED", "inf"),
        ("LOG_LEVEL", "chatty"), ("MAX_ATTACHMENT_MB", "201"), ("MASTER_KEY_FILE", "/nowhere/key"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError) as caught:
        read(given(tmp_path, **{name: value}))
    words = str(caught.value)
    assert "/nowhere/key" in words if name.endswith("FILE") else f"HUYING_{name}" in words
    assert isinstance(caught.value, CannotStart)
    assert re.search(r"[\u4e00-\u9fff]", caught.value.chinese)
    assert not re.search(r"[\u4e00-\u9fff]", caught.value.english)


def test_an_unknown_setting_is_told_with_the_nearest_known_one(tmp_path: Path) -> None:
    (warning,) = read(given(tmp_path, PROT="8100")).unknown
    assert "HUYING_PROT" in warning
    assert "HUYING_PORT" in warning


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first, again = read(given(home)), read(given(home))
    assert (first.secret_key, first.master_key) == (again.secret_key, again.master_key)
    assert first.secret_key != first.master_key
    assert len(first.master_key) == 64
    for file in (home / "secrets").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    assert (home / "secrets").stat().st_mode & 0o777 == 0o700
    assert sorted(file.name for file in (home / "secrets").iterdir()) == ["master_key", "secret_key"]


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    found: list[str] = []
    start = threading.Barrier(8)

    def one() -> None:
        start.wait()
        found.append(read(given(tmp_path / "home")).master_key)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0]) == 64


def test_production_makes_no_secret(tmp_path: Path) -> None:
    env = read(given(tmp_path / "home", MODE="production"))
    assert (env.secret_key, env.master_key) == ("", "")
    assert not (tmp_path / "home").exists()


def test_a_key_comes_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("钥匙 from a file\n", "utf-8")
    assert read(given(tmp_path, MASTER_KEY_FILE=str(file))).master_key == "钥匙 from a file"


def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(SettingError, match="HUYING_HOME"):
        read(given(tmp_path / "home"))


def test_a_test_run_forgets_the_developers_settings() -> None:
    variables = {
        "HUYING_MODE": "production",
        "HUYING_PORT": "1",
        "HUYING_HOME": "/srv/x",
        "HUYING_DATABASE_URL": "u",
        "PATH": "p",
    }
    testing.prepare(variables)
    assert variables == {
        "HUYING_MODE": "test", "HUYING_HOME": "/srv/x/test", "HUYING_DATABASE_URL": "u", "PATH": "p",
    }  # fmt: skip
    assert os.environ["HUYING_MODE"] == "test"
    assert Path(os.environ["HUYING_HOME"]).name == "test"
