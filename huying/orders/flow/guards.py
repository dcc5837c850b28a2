"""Guards 条件: named pure functions, one sentence each. A guard sees the situation; a check also sees what was told."""

from calendar import monthrange
from datetime import date, timedelta

from huying.kernel.clock import local

from .facts import Refusal, Situation
from .states import UNFINISHED, Nature, Outcome, Part, State

# ---- guards: decide whether a button may be pressed at all


def own_order(s: Situation) -> Refusal | None:
    """Only the person who registered it, or the leader of that team."""
    if s.actor.system or s.actor.id == s.order.operator_id or (s.actor.may("review") and _same_team(s)):
        return None
    if s.order.operator_id is None and s.actor.may("register"):
        return None
    return Refusal("not_your_order", "这张工单由其他话务员登记，请由登记人或其班组长操作")


def _same_team(s: Situation) -> bool:
    return s.order.team_id is None or s.actor.team_id is None or s.order.team_id == s.actor.team_id


def own_team(s: Situation) -> Refusal | None:
    """Only the leader of the operator's own team (centre leaders without a team may too)."""
    return (
        None if s.actor.system or _same_team(s) else Refusal("not_your_team", "这张工单属于其他班组，请由该班组长操作")
    )


def not_own_registration(s: Situation) -> Refusal | None:
    """Four eyes: nobody reviews what they registered themselves."""
    if s.actor.id is not None and s.actor.id == s.order.operator_id:
        return Refusal("own_registration", "不能审核自己登记的工单，请由其他班组长或值班领导审核")
    if s.actor.id is not None and s.actor.id == s.order.proposer_id:
        return Refusal("own_proposal", "不能确认自己提交的意见，请由其他班组长或值班领导审核")
    return None


def own_order_or_desk(s: Situation) -> Refusal | None:
    """Dispatchers and reviewers of replies for every order, everybody else like `own_order`."""
    if s.actor.may("dispatch") or s.actor.may("approve_reply"):
        return None
    return own_order(s)


def complete(s: Situation) -> Refusal | None:
    """The content must be there before an order leaves the operator."""
    if not s.order.has_content:
        return Refusal("content_missing", "诉求内容为空，请先填写诉求内容")
    return None


def has_lead(s: Situation) -> Refusal | None:
    """There must be a lead unit."""
    return None if s.order.lead() else Refusal("no_lead_unit", "这张工单还没有主办单位")


def own_assignment(s: Situation) -> Refusal | None:
    """Only the unit the work was given to."""
    if s.assignment is None:
        return Refusal("not_your_unit", "贵单位没有可以进行这项操作的承办任务")
    if s.actor.system or s.assignment.unit_id == s.actor.unit_id:
        return None
    return Refusal("not_your_unit", "这项承办任务属于其他单位")


def any_assignment(s: Situation) -> Refusal | None:
    """There must be an assignment in the right state."""
    return None if s.assignment else Refusal("no_such_assignment", "没有处于相应状态的承办任务")


def within_return_window(s: Situation) -> Refusal | None:
    """Send back only inside the return window 退单时限."""
    a = s.assignment
    if a and a.return_due_at and s.now > a.return_due_at:
        return Refusal("return_window_over", "已超过退单时限，不能再申请退回，请联系派单员会商")
    return None


def returns_left(s: Situation) -> Refusal | None:
    """A unit may send back a limited number of times."""
    a = s.assignment
    if a and s.order.returns_by_unit.get(a.unit_id, 0) >= s.limits.max_returns:
        return Refusal("returns_used_up", f"贵单位对这张工单已申请退回{s.limits.max_returns}次，不能再退，请先办理")
    return None


def not_appointed(s: Situation) -> Refusal | None:
    """A unit appointed after arbitration cannot send back."""
    if s.assignment and s.assignment.appointed:
        return Refusal("appointed", "贵单位是会商指定的承办单位，不能退回")
    return None


def not_a_hand_down(s: Situation) -> Refusal | None:
    """What was handed down 下派 stays between the two units: return, extension and promise are the upper one's affair."""
    if s.assignment and s.assignment.parent_id is not None:
        return Refusal("hand_down", "这是上级单位下派的任务，请向上级单位说明，由上级单位收回下派或提出申请")
    return None


def is_lead(s: Situation) -> Refusal | None:
    """Only the lead 主办 speaks for the whole order."""
    if s.assignment and s.assignment.part is not Part.LEAD:
        return Refusal("not_lead", "只有主办单位可以进行这项操作")
    return None


def not_handed_on(s: Situation) -> Refusal | None:
    """Work given to the third tier must be taken back first."""
    if s.assignment and s.order.children_of(s.assignment):
        return Refusal("handed_down", "已下派给下级单位，请先收回下派")
    return None


def children_replied(s: Situation) -> Refusal | None:
    """All hand-downs must have been answered or taken back."""
    a = s.assignment
    if a and any(child.state in UNFINISHED for child in s.order.children_of(a)):
        return Refusal("children_unfinished", "下派单位还没有全部回复，请等待回复或先收回下派")
    return None


def extension_open(s: Situation) -> Refusal | None:
    """Ask before it is due, a limited number of times, one at a time."""
    a = s.assignment
    if a is None:
        return None
    if a.pending_extension:
        return Refusal("extension_pending", "已有一份延期申请正在审核，请等待结果")
    if a.extensions >= s.limits.max_extensions:
        return Refusal("extensions_used_up", f"已延期{s.limits.max_extensions}次，不能再申请延期")
    if s.order.state is State.PROMISED and a.part is Part.LEAD:
        return Refusal("promised", "已承诺办理，请按承诺日期办结，不能再延期")
    if a.due_at and s.now >= a.due_at:
        return Refusal("already_overdue", "已经超过办理时限，不能再申请延期，请尽快办理答复")
    if a.extend_until and s.now > a.extend_until:
        days = s.limits.extension_margin_days
        return Refusal("too_late_to_extend", f"申请延期须在到期前{days}个工作日提出，现已来不及，请尽快办理答复")
    return None


def extension_pending(s: Situation) -> Refusal | None:
    """There must be a request to decide."""
    a = s.assignment
    return None if a and a.pending_extension else Refusal("no_extension_pending", "没有待审核的延期申请")


def promise_not_pending(s: Situation) -> Refusal | None:
    """One promise request at a time."""
    if s.assignment and s.assignment.pending_promise:
        return Refusal("promise_pending", "已有一份承诺办理申请正在审核")
    return None


def promise_pending(s: Situation) -> Refusal | None:
    """There must be a promise request to decide."""
    a = s.assignment
    return None if a and a.pending_promise else Refusal("no_promise_pending", "没有待审核的承诺办理申请")


def milestones_reached(s: Situation) -> Refusal | None:
    """A promise is answered when its milestones have been reported on."""
    a = s.assignment
    if (
        s.order.state is State.PROMISED
        and s.order.open_milestones
        and a
        and a.part is Part.LEAD
        and a.parent_id is None
    ):
        return Refusal("milestones_left", f"还有{s.order.open_milestones}个承诺节点没有报告完成情况，请先报告再答复")
    return None


def milestones_open(s: Situation) -> Refusal | None:
    """There must be a milestone still to reach."""
    return None if s.order.open_milestones else Refusal("no_open_milestone", "承诺办理的节点已全部完成")


def can_hand_down(s: Situation) -> Refusal | None:
    """Only work that was not handed down already, in a unit that has others below it."""
    if s.assignment and s.assignment.parent_id is not None:
        return Refusal("already_third_tier", "这是下派任务，不能再往下派")
    if s.assignment and s.assignment.lowest:
        return Refusal("lowest_tier", "贵单位没有下级单位，不能下派")
    return None


def is_hand_down(s: Situation) -> Refusal | None:
    """There must be work given to a lower unit."""
    if s.assignment and not s.order.children_of(s.assignment):
        return Refusal("nothing_handed_down", "没有已下派的任务")
    return None


def redo_left(s: Situation) -> Refusal | None:
    """Redo 重办: a second time under supervision, a third time escalated 提级 to a meeting; then it is over."""
    if s.order.redo_count > s.limits.max_redo:
        return Refusal("redo_used_up", "已提级办理，不能再重办，请提请解释后办结，或转督办处理")
    return None


def rework_left(s: Situation) -> Refusal | None:
    """Who does not agree to close an order as explained has it done again, while that is possible."""
    return redo_left(s) if s.order.explanation_pending else None


def attempts_used(s: Situation) -> Refusal | None:
    """Close without an answer only after enough failed attempts at different times, or without a number to call."""
    if s.order.reachable and s.order.failed_attempts < s.limits.call_back_attempts:
        left = s.limits.call_back_attempts - s.order.failed_attempts
        return Refusal("attempts_left", f"还需在不同时间再回访{left}次未接通，才能按未联系上办结")
    return None


def within_reopen_window(s: Situation) -> Refusal | None:
    """Reopen within the window (30 days)."""
    if s.order.outcome == Outcome.MERGED:
        return Refusal("not_reopenable", "并单的工单不能重新办理，请先解除并单")
    if s.order.closed_at and s.now > s.order.closed_at + timedelta(days=s.limits.reopen_days):
        return Refusal("reopen_window_over", f"办结已超过{s.limits.reopen_days}天，请重新登记一张工单")
    return None


def merged_child(s: Situation) -> Refusal | None:
    """Only an order that was merged into another."""
    return None if s.order.outcome == Outcome.MERGED else Refusal("not_merged", "这张工单没有并入其他工单")


def not_a_parent(s: Situation) -> Refusal | None:
    """An order that others were merged into cannot itself be merged, voided or withdrawn."""
    if s.order.children:
        return Refusal("has_children", f"已有{s.order.children}张工单并入本单，请先解除并单")
    return None


def supervised(s: Situation) -> Refusal | None:
    """There must be a supervision running."""
    return None if s.order.supervised else Refusal("not_supervised", "这张工单没有进行中的督办")


def not_supervised(s: Situation) -> Refusal | None:
    """One supervision at a time."""
    return Refusal("already_supervised", "这张工单已在督办中") if s.order.supervised else None


def supervision_finished(s: Situation) -> Refusal | None:
    """What is supervised is not put away."""
    return Refusal("still_supervised", "督办还没有办结，请先办结督办再归档") if s.order.supervised else None


def answered_with_parent(s: Situation) -> Refusal | None:
    """A merged order waits for the answer of the one it was merged into."""
    return Refusal("parent_open", "主单还没有办结，随主单答复后才能归档") if s.order.parent_open else None


def has_whom_to_urge(s: Situation) -> Refusal | None:
    """Units urge only those they handed work down to."""
    if s.actor.system or s.actor.may("see_all"):
        return None
    own = [item for item in s.order.active() if item.unit_id == s.actor.unit_id]
    if any(child.state in UNFINISHED for item in own for child in s.order.children_of(item)):
        return None
    return Refusal("nobody_to_urge", "贵单位没有下派后未完成的任务，无需催办")


# ---- checks: look at what was told


def answer_is_grounded(s: Situation) -> Refusal | None:
    """A direct answer is for 咨询, or must name the knowledge it rests on."""
    if s.order.nature in {Nature.CONSULT, Nature.PRAISE, Nature.SUGGESTION} or s.told.get("knowledge"):
        return None
    return Refusal(
        "answer_needs_knowledge", "投诉、举报、求助类诉求直接答复须注明所依据的知识条目或政策，否则请派单办理"
    )


def citizen_was_told(s: Situation) -> Refusal | None:
    """The citizen must have been told, and which lawful way is open."""
    return None if s.told.get("told_citizen") else Refusal("citizen_not_told", "请先告知诉求人不予受理的原因和合法渠道")


def citizen_knows_of_delay(s: Situation) -> Refusal | None:
    """No extension behind the citizen's back."""
    return None if s.told.get("told_citizen") else Refusal("citizen_not_told", "申请延期前须告知诉求人")


def exclusion_fits(s: Situation) -> Refusal | None:
    """剔除 is decided only together with closing an order as explained."""
    if s.told.get("excluded") and not s.order.explanation_pending:
        return Refusal("nothing_to_exclude", "只有提请“已尽责，解释后办结”的工单可以剔除，不计入考核")
    return None


def supervision_is_ahead(s: Situation) -> Refusal | None:
    """What is asked for must still be possible."""
    due_on = s.told.get("due_on")
    if due_on and due_on < local(s.now).date():
        return Refusal("due_in_the_past", "要求完成日期不能早于今天")
    return None


def reply_has_contact(s: Situation) -> Refusal | None:
    """A reply needs a contact record, or why the citizen was not reached. Hand-downs answer to their parent."""
    a = s.assignment
    if a is None or a.contacted_at or s.told.get("unreachable_reason") or a.part.value == "assisting" or a.parent_id:
        return None
    return Refusal("contact_missing", "答复前须联系诉求人；确实联系不上的，请填写未联系上的原因")


def lead_not_assisting(s: Situation) -> Refusal | None:
    """A unit cannot be lead and assisting at once; assisting units are named once."""
    lead, assisting = s.told.get("lead"), s.told.get("assisting") or []
    if lead in assisting:
        return Refusal("lead_is_assisting", "同一单位不能既主办又协办")
    if len(set(assisting)) != len(assisting):
        return Refusal("assisting_twice", "协办单位重复，请去掉重复的单位")
    return None


UNHAPPY = frozenset({"unsatisfied", "very_unsatisfied"})


def call_back_is_whole(s: Situation) -> Refusal | None:
    """A call that was answered has both answers, one that was not has none; who is not satisfied says why."""
    t = s.told
    answers = (t.get("solved"), t.get("satisfied"))
    if not t.get("reached"):
        if answers != (None, None) or t.get("next"):
            return Refusal("answers_unexpected", "未接通的回访不能填写是否解决、是否满意和处理意见")
        return None
    if answers[0] is None or not answers[1]:
        return Refusal("answers_missing", "已接通的回访须记录是否解决和是否满意")
    unhappy = answers[1] in UNHAPPY or answers[0] is False
    if unhappy and not t.get("reason"):
        return Refusal("reason_missing", "诉求人不满意或未解决的，请写明原因")
    if unhappy and t.get("next") == "close":
        return Refusal("unhappy_needs_choice", "诉求人不满意或未解决的，请选择“重办”或“已尽责，解释后办结”")
    if not unhappy and t.get("next") in {"redo", "explain_close"}:
        return Refusal("happy_needs_no_redo", "诉求人已满意且已解决，请选择“办结”")
    if t.get("next", "redo" if unhappy else "close") == "redo":
        return redo_left(s)
    return None


def milestones_are_dated(s: Situation) -> Refusal | None:
    """A promise needs at least one milestone and an end within the allowed months."""
    milestones = s.told.get("milestones") or []
    if not milestones:
        return Refusal("milestones_missing", "承诺办理须列出至少一个节点及日期")
    today, until = local(s.now).date(), s.told["until"]
    if until <= today:
        return Refusal("promise_in_the_past", "承诺完成日期须在今天之后")
    if until > months_after(today, s.limits.promise_months):
        return Refusal("promise_too_long", f"承诺办理最长{s.limits.promise_months}个月")
    if any(item["due_on"] > until for item in milestones):
        return Refusal("milestone_after_end", "节点日期不能晚于承诺完成日期")
    if any(item["due_on"] < today for item in milestones):
        return Refusal("milestone_in_the_past", "节点日期不能早于今天")
    return None


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
