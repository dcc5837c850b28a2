"""What will become of a request 剧本: drawn once, so that a life of many moves hangs together."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from .tables import weighted

LATE_SHARE = 0.02  # the hotline's on-time share is 97 to 99 % (hotline-domain 2.2)


@dataclass(slots=True)
class Plan:
    """The turns a request takes. `hold` names the stage where it is left for a person to go on with."""

    path: str = "dispatch"  # answer, transfer, refuse, void, withdraw, merge, dispatch
    returns: int = 0
    refuse_first_return: bool = False
    convene: bool = False
    hand_down: bool = False
    assisting: bool = False
    extend: str = ""  # approve, refuse
    promise: str = ""
    suspend: bool = False
    ask: bool = False
    bad_reply: bool = False
    calls_missed: int = 0
    unhappy: int = 0
    explained: bool = False
    unreachable: bool = False
    supervise: bool = False
    reopen: bool = False
    recall: bool = False
    add: bool = False
    correct: bool = False
    urge: bool = False
    note: bool = False
    fail_review: bool = False
    unmerge: bool = False
    late: bool = False
    late_sign: bool = False
    pace: float = 0.5  # which share of a limit the units use
    hold: str = ""
    unit: str = ""  # a lead unit other than the catalogue's
    extra: dict[str, Any] = field(default_factory=dict)


def draw(nature: str, answered_at_once: float, rng: Random) -> Plan:
    """A plan as likely as in life (shares in the comments of the fields' drawing)."""

    def chance(share: float) -> bool:
        return rng.random() < share

    if chance(answered_at_once):
        return Plan(path="answer")
    path = weighted(
        (("dispatch", 93.0), ("transfer", 2.4), ("refuse", 2.0), ("withdraw", 1.4), ("void", 1.0)), rng
    )  # fmt: skip
    if nature in ("suggestion", "praise"):
        return Plan(path=path if path in ("dispatch", "void") else "dispatch", pace=rng.uniform(0.2, 0.8))
    return Plan(
        path=path, returns=weighted(((0, 90.0), (1, 7.5), (2, 1.6), (3, 0.9)), rng), refuse_first_return=chance(0.3),
        convene=chance(0.006), hand_down=chance(0.3), assisting=chance(0.4),
        extend=weighted((("", 94.0), ("approve", 4.5), ("refuse", 1.5)), rng),
        promise=weighted((("", 98.4), ("approve", 1.2), ("refuse", 0.4)), rng), suspend=chance(0.009), ask=chance(0.02),
        bad_reply=chance(0.08), calls_missed=weighted(((0, 76.0), (1, 15.0), (2, 6.0), (3, 3.0)), rng),
        unhappy=weighted(((0, 90.5), (1, 7.5), (2, 1.5), (3, 0.5)), rng), explained=chance(0.2), unreachable=chance(0.015),
        supervise=chance(0.02), reopen=chance(0.012), recall=chance(0.01), add=chance(0.015), correct=chance(0.03),
        urge=chance(0.05), note=chance(0.06), fail_review=chance(0.2), late=chance(LATE_SHARE), late_sign=chance(0.007),
        pace=min(0.93, max(0.12, rng.betavariate(2.4, 2.2))),
    )  # fmt: skip
