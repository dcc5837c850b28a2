"""The command `huying`: Django's management commands under one name, with hyphens allowed (`huying check-settings`)."""

import os
import sys

SERVING = {"demo", "serve", "web", "stream", "worker"}


def main() -> None:
    """Run a management command, e.g. `huying demo`. What keeps it from starting is one sentence and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.config.settings")
    arguments = [sys.argv[0], *(name.replace("-", "_") for name in sys.argv[1:2] if not name.startswith("-"))]
    arguments += sys.argv[len(arguments) :]
    if arguments[1:2] == ["demo"]:
        os.environ.setdefault("HUYING_MODE", "demo")
    from huying.runtime.faults import EXIT_CODE, CannotStart

    try:
        from huying.config.environment import environment

        for warning in environment().unknown:
            sys.stderr.write(f"{warning}\n")
        if arguments[1:2] and arguments[1] in SERVING:
            import django

            django.setup()
            from huying.config import safety

            safety.require_database()
            safety.refuse_unsafe()
        from django.core.management import execute_from_command_line

        execute_from_command_line(arguments)
    except CannotStart as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(EXIT_CODE)
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断 / interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
