"""What the serving commands share 启动: the children with the settings of this process, and the checks before them."""

import os
import sys

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from . import postgres, serving
from .faults import CannotStart
from .folders import require_free_port, require_writable
from .processes import Child, supervise


def database_variables() -> dict[str, str]:
    """The database of this process by its address, so that children join it without a register of their own."""
    env = settings.ENV
    return {"HUYING_DATABASE_URL": env.database_url or postgres.database_url(env.home)}


def children() -> list[Child]:
    """Web, stream and worker, and the keeper of the database where it is ours, in the order in which they start and stop."""
    return [web(), stream(), worker(), *keeper()]


def keeper() -> list[Child]:
    """The keeper of the embedded database; nobody when the database is given by its address."""
    env = settings.ENV
    if env.database_url:
        return []
    return [Child("database", [sys.executable, "-m", "huying.runtime.keeper", str(env.home)])]


def web() -> Child:
    """The web process of these settings. Errors: CannotStart when its port is taken."""
    env = settings.ENV
    require_free_port(env.host, env.port, "HUYING_PORT")
    return serving.web_child(
        env.host, env.port, env.web_workers, allowed_hosts=env.allowed_hosts, environment=database_variables()
    )


def stream() -> Child:
    """The stream process of these settings. Errors: CannotStart when its port is taken."""
    env = settings.ENV
    require_free_port(env.host, env.stream_port, "HUYING_STREAM_PORT")
    return serving.stream_child(env.host, env.stream_port, environment=database_variables())


def worker() -> Child:
    """The worker process of these settings."""
    return serving.worker_child(environment=database_variables())


def require_migrated() -> None:
    """The database has every table of this version. Errors: CannotStart saying what to run."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    connection.close()
    if missing:
        raise CannotStart(
            f"数据库还缺 {missing} 项更新：请先运行 huying migrate",
            f"The database lacks {missing} migrations: run `huying migrate` first",
        )


def run_alone(child: Child) -> None:
    """Run one process by itself: in place of this one where the database is given, else beside the embedded one it needs."""
    env = settings.ENV
    require_writable(env.home)
    if env.database_url:
        sys.stdout.flush()
        os.execv(child.command[0], list(child.command))
    raise SystemExit(supervise([child, *keeper()]))
