"""Who does what next 办理: from where an order stands and what its plan says, the next move, by whom, and when."""

from datetime import datetime
from typing import Any

from huying.matters import queries as matters
from huying.orders.flow import Actor, AssignmentState, Outcome, Part
from huying.people.models import Unit

from .tables import table
from .turning import Case, Step, Surroundings
from .unitwork import UnitWork

CORRECTIONS = {"normal": "urgent", "urgent": "normal", "critical": "urgent"}


def next_step(around: Surroundings, case: Case, now: datetime) -> Step | None:
    """The next move, or None when the case rests: ended, or held for a person."""
    if case.plan.hold == case.order.state:
        return None
    turn = Turn(around, case, now)
    step: Step | None = getattr(turn, str(case.order.state))()  # one method per state
    return step


class Turn(UnitWork):
    """One decision: a method per state of the order; what units do is in UnitWork."""

    # -- before dispatch

    def draft(self) -> Step | None:
        """草稿: answered, transferred, refused, or handed in."""
        by, at = self.registrar(), self.pace.soon(2, 9)
        told = dict[str, Any]
        match self.plan.path:
            case "answer":
                needs = self.order.nature not in ("consult", "praise", "suggestion")
                words: dict[str, Any] = {"answer": self.clerk.answer()}
                if needs or self.rng.random() < 0.6:
                    words["knowledge"] = self.say("knowledge")
                return Step("answer", by, words, at)
            case "transfer":
                line, mode, note = self.rng.choice(table("replies")["transfer"])
                return Step("transfer", by, told(line=line, mode=mode, note=note), at)
            case "refuse" if not self.done["fail_review"]:
                code, why = self.rng.choice(table("replies")["refusal"])
                return Step("refuse", by, told(reason_code=code, explanation=why, told_citizen=True), at)
        return Step("submit", by, {}, at)

    def in_review(self) -> Step | None:
        """待审核: the team's leader."""
        by, at = self.crew.leader(self.order.team_id), self.pace.soon(4, 26)
        if by.id == self.order.operator_id or (self.order.proposed_by_id and by.id == self.order.proposed_by_id):
            by = self.crew.demo("chief")
        if self.plan.fail_review and not self.done["fail_review"]:
            return Step("fail_review", by, {"reason": self.say("review_fail")}, at)
        return Step("pass_review", by, {"note": self.say("review_pass")}, at)

    def to_dispatch(self) -> Step | None:
        """待派单: dispatched by the catalogue, or ended before."""
        by = self.crew.somebody("dispatcher", self.rng)
        quick = self.order.urgency != "normal"
        at = self.pace.soon(1, 12 if quick else 50)
        if self.case.parent is not None and not self.done["merge"]:
            return Step("merge", by, {"into": self.case.parent.order.number, "note": self.say("merge_note")}, at)
        if self.plan.path == "void":
            return Step("void", by, {"reason": self.say("void_reason")}, at)
        if self.plan.path == "withdraw" and self.rng.random() < 0.4:
            return self._withdraw()
        if self.plan.ask and not self.done["ask_citizen"]:
            return Step("ask_citizen", by, {"question": self.say("question_for_citizen")}, at)
        if self.plan.correct and not self.done["correct"]:
            told = {"urgency": CORRECTIONS[self.order.urgency], "note": self.say("correct_note")}
            return Step("correct", by, told, at)
        if self.plan.convene and not self.done["convene"]:
            return Step("convene", by, {"reason": self.say("convene_reason")}, at)
        return self._dispatch(by, at)

    def _dispatch(self, by: Actor, at: datetime) -> Step:
        leads = self.routing.leads(self.order)
        had = {row.unit_id for row in self.case.rows if row.state == AssignmentState.RETURNED}
        left = [unit for unit in leads if unit.pk not in had] or leads
        lead = left[0]
        if self.plan.unit and not had:
            lead = self.routing.units[self.plan.unit]
        told: dict[str, Any] = {"lead": lead.code, "note": self.say("dispatch_note", line=self.line_code())}
        if self.plan.assisting and not had:
            told["assisting"] = [
                unit.code for unit in self.routing.assisting(self.order, lead)[: self.rng.choice((1, 1, 2))]
            ]
        if lead.kind == Unit.Kind.STREET or self.plan.assisting:
            told["push_down_reason"] = self.say("push_down_reason")
        return Step("dispatch", by, told, at)

    def awaiting_citizen(self) -> Step | None:
        """待补充: the citizen answers, most within a day."""
        return Step("supplement", self.registrar(), {"content": self.say("supplement")}, self.pace.by_day(40, 1500))

    def disputed(self) -> Step | None:
        """会商中."""
        by = self.crew.somebody("supervisor" if self.rng.random() < 0.3 else "dispatcher", self.rng)
        returned = any(row.part == Part.LEAD for row in self.case.rows)
        rule = self.rng.choice(("first_receiver", "territory", "meeting") if returned else ("territory", "meeting"))
        told: dict[str, Any] = {
            "rule": rule,
            "note": self.say("arbitrate_note"),
            "push_down_reason": self.say("push_down_reason"),
        }
        if rule == "meeting" or self.done["refused:arbitrate"]:
            told |= {"rule": "meeting", "lead": self.routing.leads(self.order)[0].code}
        return Step("arbitrate", by, told, self.pace.in_office(60, 380))

    def suspended(self) -> Step | None:
        """挂起: until what was waited for has come."""
        by = self.crew.somebody("dispatcher", self.rng)
        return Step("resume", by, {"note": self.say("resume_note")}, self.pace.working_days(self.rng.uniform(2, 8)))

    def _withdraw(self) -> Step:
        return Step("withdraw", self.registrar(), {"reason": self.say("withdraw_reason")}, self.pace.soon(10, 200))

    # -- after the reply

    def reply_review(self) -> Step | None:
        """答复待审核."""
        by = self.crew.somebody("approver", self.rng)
        at = self.pace.by_day(15, 340)
        if self.plan.bad_reply and not self.done["reject"] and not self.order.explanation_pending:
            return Step("reject", by, {"reason": self.say("reject_reason")}, at)
        told: dict[str, Any] = {"note": self.say("approve_note")}
        if self.order.explanation_pending and self.rng.random() < 0.3:
            told["excluded"] = True
        return Step("approve", by, told, at)

    def to_call_back(self) -> Step | None:
        """待回访: tries at different times; who is not satisfied has it done again."""
        by = self.crew.somebody("callback", self.rng)
        if not self.order.citizen.phone_sealed:
            return Step("close_unreached", by, {"note": "诉求人未留电话，无法回访"}, self.pace.by_day(60, 900))
        missed = self.order.failed_attempts
        at = self.pace.by_day(40, 700) if not self.done["call_back"] else self.pace.by_day(250, 520)
        way = "phone" if self.rng.random() < 0.86 else self.rng.choice(("sms", "wechat"))
        policy = matters.policy()
        if missed >= policy.call_back_attempts:
            return Step("close_unreached", by, {"note": "不同时段多次拨打均未接通"}, at)
        if missed < self.plan.calls_missed and self.order.redo_count == 0 and self.done["call_back"] < 6:
            return Step("call_back", by, {"way": way, "reached": False}, at)
        if self.order.redo_count < self.plan.unhappy:
            again = self.order.redo_count < policy.max_redo and not (self.plan.explained and self.order.redo_count == 0)
            told: dict[str, Any] = {
                "way": "phone", "reached": True, "solved": False, "reason": self.say("unhappy_reason"),
                "satisfied": self.rng.choice(("unsatisfied", "unsatisfied", "very_unsatisfied")),
                "next": "redo" if again else "explain_close",
            }  # fmt: skip
            if not again:
                told["reason"] = self.say("explained_reason")
            return Step("call_back", by, told, at)
        pleased = self.rng.choices(("very_satisfied", "satisfied", "fairly_satisfied"), (3, 6, 1.5))[0]
        opinion = self.say("fair_opinion" if pleased == "fairly_satisfied" else "happy_opinion")
        return Step(
            "call_back", by, {"way": way, "reached": True, "solved": True, "satisfied": pleased, "opinion": opinion}, at
        )

    # -- afterwards

    def closed(self) -> Step | None:
        """已办结: put away after a week; sometimes it comes back."""
        if self.order.supervised:
            by = self.crew.somebody("supervisor", self.rng)
            return Step(
                "finish_supervision", by, {"conclusion": self.say("supervise_done")}, self.pace.in_office(30, 900)
            )
        if self.plan.unmerge and self.order.outcome == Outcome.MERGED and not self.done["unmerge"]:
            by = self.crew.somebody("dispatcher", self.rng)
            self.case.parent = None
            return Step("unmerge", by, {"reason": self.say("unmerge_reason")}, self.pace.in_office(60, 400))
        worked = self.order.outcome in (Outcome.SOLVED, Outcome.EXPLAINED)
        if self.plan.reopen and worked and not self.done["reopen"]:
            by = self.crew.somebody("callback", self.rng)
            return Step(
                "reopen", by, {"reason": self.say("reopen_reason")}, self.pace.working_days(self.rng.uniform(1, 6))
            )
        return None

    def archived(self) -> Step | None:
        """已归档: the end."""
        return None
