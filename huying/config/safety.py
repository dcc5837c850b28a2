"""安全检查: what production refuses to start with, each with a sentence that says what to change."""

import sys
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import connection

from huying.people.models import Staff
from huying.people.rules import DEMO_ACCOUNTS, DEMO_PASSWORD
from huying.runtime import postgres
from huying.runtime.faults import EXIT_CODE

from .environment import Environment, environment

SHORTEST_KEY = 32
FEWEST_CHARACTERS = 10  # different ones: "aaaa…" is long and still no key
WORDS_OF_SAMPLES = ("change", "insecure", "example", "secret", "default", "huying", "请修改")


def weak(key: str) -> bool:
    """True for a key that is short, monotonous or copied from an example."""
    lowered = key.lower()
    return (
        len(key) < SHORTEST_KEY
        or len(set(key)) < FEWEST_CHARACTERS
        or any(word in lowered for word in WORDS_OF_SAMPLES)
    )


def unsafe_settings(env: Environment, *, debug: bool) -> list[str]:
    """What must be changed before these settings may serve citizens; empty when nothing."""
    found = []
    if not env.secret_key:
        found.append("没有设置会话密钥：请用 HUYING_SECRET_KEY 或 HUYING_SECRET_KEY_FILE 给出至少 32 位的随机字符串")
    elif weak(env.secret_key):
        found.append("会话密钥太弱或是示例值：请把 HUYING_SECRET_KEY 换成至少 32 位的随机字符串")
    if not env.master_key:
        found.append("没有设置加密主密钥：请用 HUYING_MASTER_KEY 或 HUYING_MASTER_KEY_FILE 给出，并另行妥善备份")
    elif weak(env.master_key):
        found.append("加密主密钥太弱或是示例值：请把 HUYING_MASTER_KEY 换成至少 32 位的随机字符串")
    elif env.master_key == env.secret_key:
        found.append("加密主密钥与会话密钥相同：请给 HUYING_MASTER_KEY 和 HUYING_SECRET_KEY 各用一个")
    if debug:
        found.append("调试模式开着：请关闭 DEBUG，调试页面会泄露个人信息")
    if any("*" in host for host in env.allowed_hosts):
        found.append("HUYING_ALLOWED_HOSTS 含有 *：请逐个写明对外的域名")
    plain = [origin for origin in env.trusted_origins if not origin.startswith("https://")]
    if plain:
        found.append(
            f"HUYING_TRUSTED_ORIGINS 含有非 https 的来源（{'、'.join(plain)}）：请改为 https:// 开头的对外地址"
        )
    return found


def usable_demo_accounts() -> list[str]:
    """The demo accounts that are active and still open with the published password."""
    accounts = Staff.objects.filter(username__in=DEMO_ACCOUNTS, is_active=True).values_list("username", "password")
    opens: dict[str, bool] = {}  # one slow hash serves all accounts that share it
    found = []
    for username, password in accounts.order_by("username"):
        if password not in opens:
            opens[password] = check_password(DEMO_PASSWORD, password)
        if opens[password]:
            found.append(username)
    return found


def unsafe_accounts() -> list[str]:
    """The sentence about demo accounts, when any can be used; nothing before the first migration."""
    if Staff._meta.db_table not in connection.introspection.table_names():
        return []
    found = usable_demo_accounts()
    return [f"演示账号仍可用公开密码登录（{'、'.join(found)}）：请停用这些账号或修改密码"] if found else []


def numbered(found: Iterable[str]) -> str:
    """The list as it is printed."""
    lines = "\n".join(f"  {number}. {sentence}" for number, sentence in enumerate(found, 1))
    return f"生产模式（HUYING_MODE=production）拒绝启动，请修改以下各项：\n{lines}\n"


def refuse_unsafe(*, accounts: bool = True) -> None:
    """In production, print what must be changed and leave with code 2; elsewhere do nothing."""
    env = environment()
    if env.mode != "production":
        return
    found = unsafe_settings(env, debug=settings.DEBUG) + (unsafe_accounts() if accounts else [])
    if found:
        sys.stderr.write(numbered(found))
        raise SystemExit(EXIT_CODE)


def require_database() -> None:
    """连接数据库: a database given by its address answers and is PostgreSQL 15 or later. Errors: CannotStart."""
    url = environment().database_url
    if url:
        postgres.require_version(url)
