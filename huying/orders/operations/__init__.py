"""The write verbs 动词: each does what is particular to it; `perform` finds them by name."""

from .performing import VERBS, perform
from .registering import register, register_many

__all__ = ["VERBS", "perform", "register", "register_many"]
