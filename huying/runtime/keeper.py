"""The keeper of the embedded database 内置数据库看护: `python -m huying.runtime.keeper HOME` runs beside the servers.

It starts the database again when its main process was killed, and it uses the database in its own name: when the
supervisor is killed outright, the keeper, told so by its leash, is the last to leave and stops the database.
"""

import signal
import sys
import threading
from pathlib import Path

from .faults import EXIT_CODE, CannotStart
from .postgres import Server

LOOK_SECONDS = 0.5


def keep(server: Server, stop: threading.Event) -> None:
    """Keep the server of a home running until told to stop. Errors: CannotStart when it cannot be started again."""
    server.join()
    try:
        while not stop.wait(LOOK_SECONDS):
            if server.running_pid() is None:
                sys.stdout.write("内置数据库意外停止，正在重新启动 / the database ended, starting it again\n")
                server.join()
    finally:
        server.leave()


def main(home: str) -> None:
    """Keep the database of this home."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        keep(Server(Path(home)), stop)
    except CannotStart as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(EXIT_CODE)


if __name__ == "__main__":
    main(sys.argv[1])
