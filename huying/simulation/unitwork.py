"""What units do 承办: sign, contact, hand down, ask for time, reply; and what is decided about them meanwhile."""

from datetime import datetime, timedelta
from typing import Any

from huying.kernel.clock import local
from huying.orders.flow import ACTIVE, AssignmentState, Part, State
from huying.orders.models import Assignment
from huying.people.models import Unit

from .turning import BaseTurn, Step

S = AssignmentState
MOST_CONTACTS = 3


class UnitWork(BaseTurn):
    """The part of a turn that units and those who decide over them do; `Turn` in acting.py adds the rest."""

    def in_progress(self) -> Step | None:
        """办理中: first what waits for a decision, then signing, then the work."""
        rows = [row for row in self.case.rows if row.state in ACTIVE]
        for decide in (self._decisions, self._around, self._signing, self._working):
            found, waits = decide(rows)
            if found or waits:
                return found
        return None

    def promised(self) -> Step | None:
        """承诺办理: milestone after milestone."""
        return self.in_progress()

    # -- each answers (step, whether the case waits here)

    def _decisions(self, rows: list[Assignment]) -> tuple[Step | None, bool]:
        for row in rows:
            if row.state == S.RETURN_REQUESTED:
                return self._on_return(row), True
            if row.pending_extension or row.pending_promise:
                return self._on_request(row), True
            if row.state == S.UNIT_REVIEW:
                return self._unit_review(row), True
        return None, False

    def _on_return(self, row: Assignment) -> Step | None:
        if self.plan.hold == "returns":
            return None
        by = self.crew.somebody("dispatcher", self.rng)
        # an urgent order's clock for signing runs on meanwhile
        at = self.pace.soon(20, 200) if self.office() else self.pace.soon(2, 9)
        if self.plan.refuse_first_return and not self.done["refuse_return"]:
            return self.step(
                "refuse_return", by, {"reason": self.say("return_refused", line=self.line_code())}, at, row
            )
        return self.step(
            "approve_return", by, {"note": self.say("return_approved", other=self._other(row).short)}, at, row
        )

    def _on_request(self, row: Assignment) -> Step | None:
        if self.plan.hold == "requests":
            return None
        kind = "extension" if row.pending_extension else "promise"
        wanted = self.plan.extend if row.pending_extension else self.plan.promise
        by = self.crew.somebody("dispatcher", self.rng)
        at = self.pace.in_office(20, 300)
        if wanted == "refuse":
            return self.step(f"refuse_{kind}", by, {"reason": self.say("extension_refused")}, at, row)
        return self.step(f"approve_{kind}", by, {"note": "同意"}, at, row)

    def _unit_review(self, row: Assignment) -> Step | None:
        if self.plan.hold == "unit_review":
            return None
        by = self.crew.of_unit(self.unit(row), self.rng, "head")
        at = self.pace.in_office(10, 150)
        if self.rng.random() < 0.12 and not self.done["fail_unit_review"]:
            return self.step("fail_unit_review", by, {"reason": self.say("unit_fail")}, at, row)
        return self.step("pass_unit_review", by, {"note": "同意"}, at, row)

    def _around(self, rows: list[Assignment]) -> tuple[Step | None, bool]:
        """What others do to an order in work."""
        lead = self.lead()
        signed = lead is not None and lead.state == S.HANDLING
        plan, done, rng = self.plan, self.done, self.rng
        if plan.path == "withdraw" and signed:
            return self.step(
                "withdraw", self.registrar(), {"reason": self.say("withdraw_reason")}, self.pace.soon(30, 900)
            ), True
        if plan.recall and not done["recall"] and lead is not None and done["dispatch"] == 1:
            by = self.crew.somebody("dispatcher", rng)
            return self.step("recall", by, {"reason": self.say("recall_reason")}, self.pace.soon(15, 240)), True
        if not signed or lead is None:
            return None, False
        if plan.supervise and not done["supervise"] and done["contact"]:
            by = self.crew.somebody("supervisor", rng)
            due_on = local(self.now).date() + timedelta(days=3)
            told: dict[str, Any] = {
                "kind": rng.choice(("supervise", "supervise", "joint", "on_site", "instruction")),
                "opinion": self.say("supervise_opinion"),
                "due_on": due_on,
            }
            return self.step("supervise", by, told, self.pace.in_office(60, 600)), True
        if plan.suspend and not done["suspend"] and done["contact"]:
            by = self.crew.somebody("dispatcher", rng)
            return self.step("suspend", by, {"reason": self.say("suspend_reason")}, self.pace.in_office(60, 500)), True
        if plan.add and done["contact"] and not done["add_assisting"] and self.order.state == State.IN_PROGRESS:
            taken = {row.unit_id for row in rows}
            found = [unit for unit in self.routing.leads(self.order) if unit.pk not in taken]
            if found:
                by = self.crew.somebody("dispatcher", rng)
                told = {
                    "assisting": [found[-1].code],
                    "note": self.say("add_note"),
                    "push_down_reason": self.say("push_down_reason"),
                }
                return self.step("add_assisting", by, told, self.pace.in_office(30, 300)), True
        if plan.urge and not done["urge"] and done["contact"]:
            role = "supervisor" if self.order.confidential else rng.choice(("operator", "callback", "supervisor"))
            by = self.crew.somebody(role, rng, demo=False)
            return self.step(
                "urge", by, {"note": self.say("urge_note")}, self.pace.share(lead.due_at, 0.35, office=False)
            ), True
        if plan.note and done["contact"] and not done["note_down"]:
            by = self.crew.somebody("operator", rng, demo=False)
            if not self.order.confidential:
                return self.step("note_down", by, {"note": self.say("note_down")}, self.pace.soon(60, 700)), True
        return None, False

    def _signing(self, rows: list[Assignment]) -> tuple[Step | None, bool]:
        for row in sorted(
            (row for row in rows if row.state == S.TO_ACCEPT), key=lambda row: (row.part != Part.LEAD, row.pk)
        ):
            top_lead = row.part == Part.LEAD and row.parent_id is None
            if top_lead and self.plan.hold == "to_accept":
                return None, True
            by = self.crew.of_unit(self.unit(row), self.rng)
            if top_lead and self._returns(row):
                other = self._other(row)
                lines = self.routing.lines(self.order)
                reason, basis = self.clerk.return_reason(other.short, lines[0] if lines else None)
                told: dict[str, Any] = {"reason": reason, "legal_basis": basis, "suggested_unit": other.code}
                at = self.pace.soon(2, 16)
                if self.office():
                    at = self.pace.soon(8, 70) if self.plan.hold == "returns" else self.pace.in_office(8, 110)
                return self.step("send_back", by, told, at, row), True
            return self.step("accept", by, {}, self._sign_at(row), row), True
        return None, False

    def _sign_at(self, row: Assignment) -> datetime:
        if not self.office():
            limit = 15 if self.order.urgency == "critical" else 30
            left = limit - (self.now - row.dispatched_at).total_seconds() / 60
            return self.pace.soon(*((limit + 1, limit * 3) if self.plan.late_sign else (0.5, max(1.5, left * 0.8))))
        second = row.part != Part.LEAD or row.parent_id is not None
        return self.pace.in_office(*((250, 500) if self.plan.late_sign else (3, 25) if second else (6, 190)))

    def _returns(self, row: Assignment) -> bool:
        """True when the plan has the lead send it back once more and the rules may let it."""
        if row.appointed or self.done["refuse_return"] or self.done["refused:send_back"]:
            return False
        return self.order.return_count < self.plan.returns

    def _working(self, rows: list[Assignment]) -> tuple[Step | None, bool]:
        lead = self.lead()
        if lead is None:
            return None, True
        if lead.state == S.HANDLING:
            if not lead.contacted_at and not self._gave_up():
                if self.plan.hold == "to_contact":
                    return None, True
                return self._contact(lead), True
            found = self._asking(lead, rows)
            if found:
                return found, True
        if self.plan.hold in ("handling", "sent_again") and (self.plan.hold == "handling" or self.done["reject"]):
            return None, True
        for row in sorted(
            (row for row in rows if row.state == S.HANDLING),
            key=lambda row: (row is lead, row.parent_id is None, row.pk),
        ):
            if row is lead:
                break
            by = self.crew.of_unit(self.unit(row), self.rng)
            told: dict[str, Any] = {"result": "solved", "content": self.say("own_finding", person=by.name)}
            at = self.pace.share(
                min(row.due_at or self.later_limit(), lead.due_at or self.later_limit()),
                self.plan.pace * 0.6,
                office=self.office(),
            )
            return self.step("reply", by, told, at, row), True
        return (self._reply(lead), True) if lead.state == S.HANDLING else (None, True)

    def _gave_up(self) -> bool:
        return self.done["contact"] >= MOST_CONTACTS + 2 * self.order.redo_count and self.plan.unreachable

    def _contact(self, lead: Assignment) -> Step:
        by = self.crew.of_unit(self.unit(lead), self.rng)
        reached = not (self.plan.unreachable or (self.done["contact"] == 0 and self.rng.random() < 0.1))
        at = self.pace.soon(3, 45) if not self.office() else self.pace.in_office(5, 200)
        way = self.rng.choices(("phone", "message", "on_site", "visit"), (80, 8, 8, 4))[0]
        record = self.say("contact") if reached else self.say("unreached")
        return self.step(
            "contact", by, {"way": way if reached else "phone", "reached": reached, "record": record}, at, lead
        )

    def _asking(self, lead: Assignment, rows: list[Assignment]) -> Step | None:
        """Hand down, ask for more time, promise, report on what was promised."""
        by = self.crew.of_unit(self.unit(lead), self.rng)
        plan, done = self.plan, self.done
        if plan.hand_down and not done["hand_down"] and not done["refused:hand_down"] and not done["reply"]:
            below = self._below(lead, rows)
            if below:
                told: dict[str, Any] = {
                    "to": [unit.code for unit in below],
                    "note": self.say("hand_down_note"),
                    "push_down_reason": self.say("push_down_reason"),
                }
                return self.step(
                    "hand_down",
                    by,
                    told,
                    self.pace.soon(10, 100) if not self.office() else self.pace.in_office(10, 200),
                    lead,
                )
        asked_at = self.pace.in_office(15, 90) if plan.hold == "requests" else None
        in_work = self.order.state == State.IN_PROGRESS and lead.due_at is not None and lead.due_at > self.now
        if plan.extend and not done["extend"] and not done["refused:extend"] and in_work and self.office():
            told = {"days": self.rng.randint(2, 5), "reason": self.say("extension_reason"), "told_citizen": True}
            return self.step("extend", by, told, asked_at or self.pace.share(lead.due_at, 0.45, office=True), lead)
        if (
            plan.promise
            and not done["promise"]
            and not done["refused:promise"]
            and in_work
            and not any(row.parent_id for row in rows)
        ):
            return self.step(
                "promise", by, self._promise(), asked_at or self.pace.share(lead.due_at, 0.4, office=True), lead
            )
        if self.order.state == State.PROMISED and self.order.open_milestones:
            at = self.pace.working_days(self.rng.uniform(3, 9))
            return self.step("reach_milestone", by, {"progress": self.say("progress")}, at, lead)
        return None

    def _promise(self) -> dict[str, Any]:
        today = local(self.now).date()
        titles = list(dict.fromkeys(self.say("milestones") for _ in range(3)))
        until = today + timedelta(days=self.rng.randint(50, 200))
        step = (until - today) // (len(titles) + 1)
        dated = [
            {"title": title, "due_on": (today + step * (place + 1)).isoformat()} for place, title in enumerate(titles)
        ]
        return {"until": until.isoformat(), "milestones": dated, "reason": self.say("promise_reason")}

    def _reply(self, lead: Assignment) -> Step | None:
        unit = self.unit(lead)
        by = self.crew.of_unit(unit, self.rng)
        share = self.rng.uniform(1.03, 1.5) if self.plan.late else self.plan.pace
        if self.done["reject"] or self.order.redo_count:
            share = min(share, 0.6)
        until = lead.due_at
        if self.order.state == State.PROMISED:
            at = self.pace.working_days(self.rng.uniform(1, 5))
        else:
            at = self.pace.share(until, share, office=self.office())
        good = not (self.plan.bad_reply and not self.done["reject"])
        explained = self.plan.explained or (self.order.nature in ("consult", "suggestion") and self.rng.random() < 0.7)
        result = "explained" if explained else self.rng.choices(("solved", "partly_solved", "unsolved"), (84, 12, 4))[0]
        content = self.clerk.reply(by.name or "值班人员", unit.short, good=good, explained=explained)
        told: dict[str, Any] = {"result": result, "content": content}
        lines = self.routing.lines(self.order)
        if lines and lines[0].basis_source.startswith("《") and self.rng.random() < 0.3:
            told["policy_basis"] = lines[0].basis_source
        if not lead.contacted_at:
            told["unreachable_reason"] = self.say("unreachable_reason")
        return self.step("reply", by, told, at, lead)

    # -- who and where

    def unit(self, row: Assignment) -> Unit:
        """The unit of a share, from what was read once."""
        return self.routing.by_pk[row.unit_id]

    def office(self) -> bool:
        """True for what may wait for the morning."""
        return self.order.urgency == "normal"

    def later_limit(self) -> datetime:
        """A limit for what has none of its own."""
        return self.now + timedelta(days=2)

    def _other(self, row: Assignment) -> Unit:
        """The unit that should have it instead."""
        found = [unit for unit in self.routing.leads(self.order) if unit.pk != row.unit_id]
        return found[0]

    def _below(self, lead: Assignment, rows: list[Assignment]) -> list[Unit]:
        """Units below the lead's own to hand down to: its squads, or the street of the place."""
        taken = {row.unit_id for row in rows}
        unit = self.unit(lead)
        below = [item for item in self.routing.below.get(unit.pk, []) if item.tier == 3 and item.pk not in taken]
        street = self.order.street_id or ""
        own = [
            item for item in below if item.code == street or (street[:6] == item.area and item.kind == Unit.Kind.SQUAD)
        ]
        return own[:1] or below[:1] if unit.tier == 2 or unit.code.endswith("-cg") else []
