"""The flow table 流程表: every action on an order, said once.

From this table come the API's verbs and schemas, the list of actions on every order, the forms, the state diagram in
the docs and the matrix of tests. To add an action see docs/develop/adding-an-action.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from . import fields as f
from . import guards as g
from .facts import Refusal, Situation
from .fields import NOTE, REASON, Field, choice, text
from .states import OPEN_STATES, OVERLAY_STATES, WORKING_STATES, AssignmentState, State

Guard = Callable[[Situation], Refusal | None]
Subject = Literal["order", "assignment"]
S, A = State, AssignmentState
UNCLOSED = frozenset(OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Action:
    """One move.

    `sources`: order states it starts from. `units`: for subject "assignment", states of the unit's share it needs.
    `target`: the order state it leads to; None when it stays or depends. `reaches`: every state it can lead to besides
    staying where it is.
    `guards` decide whether the button works; `checks` also look at what was told. `says` is the doc sentence.
    """

    name: str
    label: str
    permission: str
    sources: frozenset[State]
    target: State | None
    says: str
    subject: Subject = "order"
    units: frozenset[AssignmentState] = frozenset()
    guards: tuple[Guard, ...] = ()
    checks: tuple[Guard, ...] = ()
    fields: tuple[Field, ...] = ()
    primary: bool = False
    reaches: frozenset[State] = frozenset()


def order(
    name: str, label: str, permission: str, sources: set[State] | frozenset[State], target: State | None, says: str,
    *, guards: tuple[Guard, ...] = (), checks: tuple[Guard, ...] = (), fields: tuple[Field, ...] = (),
    primary: bool = False, reaches: set[State] | frozenset[State] = frozenset(),
) -> Action:  # fmt: skip
    """An action on the order as a whole."""
    return Action(
        name, label, permission, frozenset(sources), target, says,
        guards=guards, checks=checks, fields=fields, primary=primary, reaches=_all(target, reaches),
    )  # fmt: skip


def _all(target: State | None, reaches: set[State] | frozenset[State]) -> frozenset[State]:
    return frozenset(reaches) | ({target} if target else frozenset())


def unit(
    name: str, label: str, permission: str, sources: set[State] | frozenset[State], states: set[AssignmentState],
    says: str, *, target: State | None = None, own: bool = True, guards: tuple[Guard, ...] = (),
    checks: tuple[Guard, ...] = (), fields: tuple[Field, ...] = (), primary: bool = False,
    reaches: set[State] | frozenset[State] = frozenset(),
) -> Action:  # fmt: skip
    """An action on one unit's share; `own` = only that unit itself may do it."""
    first: tuple[Guard, ...] = (g.own_assignment,) if own else (g.any_assignment,)
    return Action(
        name, label, permission, frozenset(sources), target, says, "assignment", frozenset(states),
        first + guards, checks, fields, primary, _all(target, reaches),
    )  # fmt: skip


SUBMIT = order(
    "submit", "提交派单", "register", {S.DRAFT}, None, "话务员提交；抽中的先到班组长审核，其余待派单",
    guards=(g.own_order, g.complete), fields=(NOTE,), primary=True, reaches={S.IN_REVIEW, S.TO_DISPATCH},
)  # fmt: skip
ANSWER = order(
    "answer", "直接答复办结", "register", {S.DRAFT, S.TO_DISPATCH}, S.CLOSED, "话务员依据知识当场答复",
    guards=(g.own_order,), checks=(g.answer_is_grounded,),
    fields=(text("answer", "答复内容"), Field("knowledge", "所依据的知识或政策", required=False)),
)  # fmt: skip
REFUSE = order(
    "refuse", "不予受理", "register", {S.DRAFT, S.TO_DISPATCH}, S.IN_REVIEW, "话务员说明原因并告知诉求人，由班组长确认",
    guards=(g.own_order, g.not_a_parent), checks=(g.citizen_was_told,),
    fields=(
        choice("reason_code", "不予受理原因", f.REFUSAL_REASONS),
        text("explanation", "说明及合法渠道"),
        Field("told_citizen", "已告知诉求人", "boolean"),
    ),
)  # fmt: skip
TRANSFER = order(
    "transfer", "转接", "register", {S.DRAFT, S.TO_DISPATCH}, S.CLOSED, "紧急事项转110、119、120、122，双号热线转相应热线，留下记录",
    guards=(g.own_order, g.not_a_parent),
    fields=(choice("line", "转接到", f.TRANSFER_LINES), choice("mode", "方式", f.TRANSFER_MODES), NOTE),
)  # fmt: skip
PASS_REVIEW = order(
    "pass_review", "审核通过", "review", {S.IN_REVIEW}, None, "班组长审核通过，转待派单；不予受理的确认后办结",
    guards=(g.own_team, g.not_own_registration), fields=(NOTE,), primary=True, reaches={S.TO_DISPATCH, S.CLOSED},
)  # fmt: skip
FAIL_REVIEW = order(
    "fail_review", "退回话务员", "review", {S.IN_REVIEW}, S.DRAFT, "班组长退回话务员修改",
    guards=(g.own_team,), fields=(REASON,),
)  # fmt: skip
CORRECT = order(
    "correct", "更正", "correct", UNCLOSED, None, "更正性质、分类、紧急程度、标题或地址；原值留在历史里，已开始的时限不变",
    guards=(g.own_order_or_desk,),
    fields=(
        Field("nature", "性质", "nature", required=False),
        Field("matter", "内容分类", "matter", required=False),
        Field("urgency", "紧急程度", "urgency", required=False),
        Field("title", "标题", required=False),
        Field("place_text", "地址", required=False),
        Field("street", "街道", "street", required=False),
        Field("confidential", "保密", "boolean", required=False),
        NOTE,
    ),
)  # fmt: skip
ASK_CITIZEN = order(
    "ask_citizen", "请诉求人补充", "ask_citizen", {S.DRAFT, S.TO_DISPATCH, S.IN_PROGRESS}, S.AWAITING_CITIZEN,
    "内容不清，请诉求人补充，期间停表", guards=(g.own_order_or_desk,), fields=(text("question", "需要补充的内容"),),
)  # fmt: skip
SUPPLEMENT = order(
    "supplement", "补充内容", "register", {S.AWAITING_CITIZEN}, None, "记下诉求人的补充，回到原来的环节继续计时",
    fields=(text("content", "补充内容", personal=True),), primary=True, reaches={S.DRAFT, S.TO_DISPATCH, S.IN_PROGRESS},
)  # fmt: skip
DISPATCH = order(
    "dispatch", "派单", "dispatch", {S.TO_DISPATCH}, S.IN_PROGRESS, "按派单目录交给主办和协办单位，开始计时",
    guards=(g.complete,), checks=(g.lead_not_assisting,),
    fields=(
        Field("lead", "主办单位", "unit"),
        Field("assisting", "协办单位", "units", required=False),
        text("note", "派单意见", required=False),
        text("push_down_reason", "下压理由", required=False, hint="部门事项派给街道的须写明理由"),
    ),
    primary=True,
)  # fmt: skip
ADD_ASSISTING = order(
    "add_assisting", "增加协办", "dispatch", WORKING_STATES, None, "办理中增加协办单位", guards=(g.has_lead,),
    fields=(Field("assisting", "协办单位", "units"), NOTE, text("push_down_reason", "下压理由", required=False)),
)  # fmt: skip
RECALL = order(
    "recall", "收回重派", "dispatch", {S.IN_PROGRESS}, S.TO_DISPATCH, "派单员收回全部承办任务，重新派单",
    guards=(g.has_lead,), fields=(REASON,),
)  # fmt: skip
ACCEPT = unit(
    "accept", "签收", "handle", WORKING_STATES, {A.TO_ACCEPT}, "承办单位签收", fields=(NOTE,), primary=True,
)  # fmt: skip
CONTACT = unit(
    "contact", "联系诉求人", "handle", WORKING_STATES, {A.TO_ACCEPT, A.HANDLING}, "记录与诉求人的联系；首次联系停首联时限",
    fields=(
        choice("way", "联系方式", f.CONTACT_WAYS),
        Field("reached", "是否联系上", "boolean"),
        text("record", "联系记录", personal=True),
    ),
)  # fmt: skip
SEND_BACK = unit(
    "send_back", "申请退单", "handle", {S.IN_PROGRESS}, {A.TO_ACCEPT, A.HANDLING},
    "不属本单位职责的，在退单时限内说明原因、依据和建议单位，由派单员审核",
    guards=(g.not_a_hand_down, g.not_appointed, g.not_handed_on, g.within_return_window, g.returns_left),
    fields=(
        text("reason", "退单原因"),
        text("legal_basis", "依据", hint="职责规定或法规名称"),
        Field("suggested_unit", "建议承办单位", "unit"),
    ),
)  # fmt: skip
APPROVE_RETURN = unit(
    "approve_return", "同意退单", "decide_return", WORKING_STATES, {A.RETURN_REQUESTED},
    "同意退回；主办退回的重新派单，累计三次的转会商", own=False, fields=(NOTE,), primary=True,
    reaches={S.TO_DISPATCH, S.DISPUTED, S.REPLY_REVIEW},
)  # fmt: skip
REFUSE_RETURN = unit(
    "refuse_return", "驳回退单", "decide_return", WORKING_STATES, {A.RETURN_REQUESTED},
    "驳回，回到原承办状态继续办理", own=False, fields=(REASON,),
)  # fmt: skip
CONVENE = order(
    "convene", "提请会商", "dispatch", {S.TO_DISPATCH, S.IN_PROGRESS}, S.DISPUTED, "职责不清的召集会商", fields=(REASON,),
)  # fmt: skip
ARBITRATE = order(
    "arbitrate", "会商指定", "arbitrate", {S.DISPUTED}, S.IN_PROGRESS, "按目录、首接负责或属地兜底指定承办单位，不得再退",
    checks=(g.lead_not_assisting,),
    fields=(
        choice("rule", "指定依据", f.ARBITRATION_RULES),
        Field("lead", "主办单位", "unit", required=False, hint="首接负责、属地兜底可不填，由系统认定"),
        Field("assisting", "协办单位", "units", required=False),
        text("note", "会商意见"),
        text("push_down_reason", "下压理由", required=False),
    ),
    primary=True,
)  # fmt: skip
HAND_DOWN = unit(
    "hand_down", "下派", "handle", WORKING_STATES, {A.HANDLING}, "下派给下级单位办理，本单位仍负责答复",
    guards=(g.can_hand_down,),
    fields=(
        Field("to", "下派单位", "units"),
        text("note", "办理要求", required=False),
        text("push_down_reason", "下压理由", required=False, hint="部门事项下派街道的须写明理由"),
    ),
)  # fmt: skip
TAKE_BACK = unit(
    "take_back", "收回下派", "handle", WORKING_STATES, {A.HANDLING}, "收回下派给下级单位的任务", guards=(g.is_hand_down,),
    fields=(Field("units", "收回的单位", "units", required=False, hint="不填的，收回全部下派"), REASON),
)  # fmt: skip
EXTEND = unit(
    "extend", "申请延期", "handle", WORKING_STATES, {A.HANDLING}, "到期前申请延期，写明理由并告知诉求人", guards=(g.not_a_hand_down, g.extension_open),
    checks=(g.citizen_knows_of_delay,),
    fields=(
        Field("days", "延长工作日数", "integer"),
        text("reason", "延期理由"),
        Field("told_citizen", "已告知诉求人", "boolean"),
    ),
)  # fmt: skip
APPROVE_EXTENSION = unit(
    "approve_extension", "同意延期", "decide_extension", WORKING_STATES, {A.HANDLING, A.UNIT_REVIEW}, "同意延期，顺延办理时限",
    own=False, guards=(g.extension_pending,), fields=(NOTE,),
)  # fmt: skip
REFUSE_EXTENSION = unit(
    "refuse_extension", "驳回延期", "decide_extension", WORKING_STATES, {A.HANDLING, A.UNIT_REVIEW}, "不同意延期，原时限不变",
    own=False, guards=(g.extension_pending,), fields=(REASON,),
)  # fmt: skip
PROMISE = unit(
    "promise", "申请承诺办理", "handle", {S.IN_PROGRESS}, {A.HANDLING}, "短期难以办结的，列出节点申请承诺办理",
    guards=(g.not_a_hand_down, g.is_lead, g.promise_not_pending), checks=(g.milestones_are_dated,),
    fields=(
        Field("until", "承诺完成日期", "date"),
        Field("milestones", "节点", "milestones"),
        text("reason", "理由"),
    ),
)  # fmt: skip
APPROVE_PROMISE = unit(
    "approve_promise", "同意承诺办理", "decide_extension", {S.IN_PROGRESS}, {A.HANDLING, A.UNIT_REVIEW}, "同意承诺办理，按节点跟踪",
    target=S.PROMISED, own=False, guards=(g.promise_pending,), fields=(NOTE,),
)  # fmt: skip
REFUSE_PROMISE = unit(
    "refuse_promise", "驳回承诺办理", "decide_extension", {S.IN_PROGRESS}, {A.HANDLING, A.UNIT_REVIEW}, "不同意承诺办理，原时限不变",
    own=False, guards=(g.promise_pending,), fields=(REASON,),
)  # fmt: skip
REACH_MILESTONE = unit(
    "reach_milestone", "完成节点", "handle", {S.PROMISED}, {A.HANDLING}, "报告一个承诺节点已完成", guards=(g.milestones_open,),
    fields=(text("progress", "进展"),),
)  # fmt: skip
REPLY = unit(
    "reply", "答复", "handle", WORKING_STATES, {A.HANDLING}, "办理完毕，写明措施、时间、责任人；需要本级审核的先审",
    guards=(g.children_replied, g.milestones_reached), checks=(g.reply_has_contact,), reaches={S.REPLY_REVIEW},
    fields=(
        choice("result", "办理结果", f.RESULTS),
        text("content", "答复内容"),
        text("policy_basis", "政策依据", required=False),
        text("unreachable_reason", "未联系上的原因", required=False),
    ),
    primary=True,
)  # fmt: skip
PASS_UNIT_REVIEW = unit(
    "pass_unit_review", "本级审核通过", "approve_unit", WORKING_STATES, {A.UNIT_REVIEW}, "承办单位领导审核通过",
    fields=(NOTE,), primary=True, reaches={S.REPLY_REVIEW},
)  # fmt: skip
FAIL_UNIT_REVIEW = unit(
    "fail_unit_review", "本级退回修改", "approve_unit", WORKING_STATES, {A.UNIT_REVIEW}, "承办单位领导退回修改",
    fields=(REASON,),
)  # fmt: skip
APPROVE = order(
    "approve", "答复审核通过", "approve_reply", {S.REPLY_REVIEW}, None,
    "审核答复是否对题、是否办实，通过后回访；回访提请解释办结的，通过即办结", checks=(g.exclusion_fits,),
    fields=(Field("excluded", "剔除，不计入考核", "boolean", required=False, hint="仅用于不合理诉求"), NOTE), primary=True,
    reaches={S.TO_CALL_BACK, S.CLOSED},
)  # fmt: skip
REJECT = order(
    "reject", "退回重新答复", "approve_reply", {S.REPLY_REVIEW}, S.IN_PROGRESS,
    "答非所问、未办实的退回承办单位，继续原来的时限；不同意解释办结的重办", guards=(g.rework_left,), fields=(REASON,),
    reaches={S.PROMISED, S.DISPUTED},
)  # fmt: skip
CALL_BACK = order(
    "call_back", "回访", "call_back", {S.TO_CALL_BACK}, None,
    "问是否解决、是否满意；未接通的换时间再访；不满意且属实的重办，已尽责的提请解释后办结",
    checks=(g.call_back_is_whole,), reaches={S.CLOSED, S.IN_PROGRESS, S.DISPUTED, S.REPLY_REVIEW},
    fields=(
        choice("way", "回访方式", f.CALL_BACK_WAYS),
        Field("reached", "是否接通", "boolean"),
        Field("solved", "是否解决", "boolean", required=False),
        choice("satisfied", "是否满意", f.SATISFACTION, required=False),
        text("reason", "不满意的原因", required=False),
        text("opinion", "诉求人意见", required=False, personal=True),
        choice("next", "处理意见", f.NEXT_AFTER_CALL_BACK, required=False),
    ),
    primary=True,
)  # fmt: skip
REDO = order(
    "redo", "重办", "call_back", {S.TO_CALL_BACK}, S.IN_PROGRESS,
    "事实属实而未解决的退回原单位重办，时限减半；第二次同时督办，第三次提级会商", guards=(g.redo_left,), fields=(REASON,),
    reaches={S.DISPUTED},
)  # fmt: skip
CLOSE_UNREACHED = order(
    "close_unreached", "未联系上办结", "call_back", {S.TO_CALL_BACK}, S.CLOSED, "多次回访未接通，或没有联系电话，按未联系上办结",
    guards=(g.attempts_used,), fields=(NOTE,),
)  # fmt: skip
URGE = order(
    "urge", "催办", "urge",
    {S.IN_REVIEW, S.TO_DISPATCH, S.IN_PROGRESS, S.PROMISED, S.DISPUTED, S.REPLY_REVIEW, S.TO_CALL_BACK}, None,
    "提醒正在承办的单位和岗位抓紧", guards=(g.has_whom_to_urge,), fields=(text("note", "催办意见", required=False),),
)  # fmt: skip
SUPERVISE = order(
    "supervise", "督办", "supervise", UNCLOSED - {S.DRAFT}, None, "超期、反复、领导批示等转督办", guards=(g.not_supervised,),
    checks=(g.supervision_is_ahead,),
    fields=(choice("kind", "督办方式", f.SUPERVISION_KINDS), text("opinion", "督办意见"), Field("due_on", "要求完成日期", "date", required=False)),
)  # fmt: skip
FINISH_SUPERVISION = order(
    "finish_supervision", "督办办结", "supervise", UNCLOSED | {S.CLOSED}, None, "督办要求已落实", guards=(g.supervised,),
    fields=(text("conclusion", "督办结论"),),
)  # fmt: skip
SUSPEND = order(
    "suspend", "挂起", "suspend", {S.TO_DISPATCH, S.IN_PROGRESS, S.PROMISED, S.DISPUTED}, S.SUSPENDED,
    "等待诉讼、鉴定等客观原因，停表并写明理由", fields=(REASON,),
)  # fmt: skip
RESUME = order(
    "resume", "恢复办理", "suspend", OVERLAY_STATES, None, "恢复到挂起前的环节继续计时；诉求人迟迟不补充的也可恢复",
    fields=(NOTE,), primary=True,
    reaches={S.DRAFT, S.TO_DISPATCH, S.IN_PROGRESS, S.PROMISED, S.DISPUTED},
)  # fmt: skip
MERGE = order(
    "merge", "并单", "merge", {S.DRAFT, S.IN_REVIEW, S.TO_DISPATCH, S.IN_PROGRESS}, S.CLOSED, "重复诉求并入主单，主单办结时一并答复",
    guards=(g.not_a_parent,), fields=(Field("into", "并入工单", "order"), NOTE),
)  # fmt: skip
UNMERGE = order(
    "unmerge", "解除并单", "merge", {S.CLOSED, S.ARCHIVED}, S.TO_DISPATCH, "并错了的恢复为独立工单", guards=(g.merged_child,), fields=(REASON,),
)  # fmt: skip
VOID = order(
    "void", "作废", "void", UNCLOSED, S.CLOSED, "登记错误等作废，留痕不删", guards=(g.own_team, g.not_a_parent), fields=(REASON,),
)  # fmt: skip
WITHDRAW = order(
    "withdraw", "诉求人撤回", "register", UNCLOSED - {S.TO_CALL_BACK}, S.CLOSED, "诉求人本人要求撤回", guards=(g.not_a_parent,),
    fields=(text("reason", "撤回说明"),),
)  # fmt: skip
REOPEN = order(
    "reopen", "重新办理", "reopen", {S.CLOSED, S.ARCHIVED}, S.TO_DISPATCH, "办结三十日内反弹的重新办理", guards=(g.within_reopen_window,),
    fields=(REASON,),
)  # fmt: skip
ARCHIVE = order(
    "archive", "归档", "archive", {S.CLOSED}, S.ARCHIVED, "办结七天后自动归档，也可手工归档",
    guards=(g.supervision_finished, g.answered_with_parent), fields=(NOTE,),
)  # fmt: skip
NOTE_DOWN = order(
    "note_down", "记备注", "note", UNCLOSED | {S.CLOSED}, None, "在历史里记一句话，不改变状态", fields=(text("note", "备注"),),
)  # fmt: skip

ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        SUBMIT, ANSWER, REFUSE, TRANSFER, PASS_REVIEW, FAIL_REVIEW, CORRECT, ASK_CITIZEN, SUPPLEMENT, DISPATCH,
        ADD_ASSISTING, RECALL, ACCEPT, CONTACT, SEND_BACK, APPROVE_RETURN, REFUSE_RETURN, CONVENE, ARBITRATE, HAND_DOWN,
        TAKE_BACK, EXTEND, APPROVE_EXTENSION, REFUSE_EXTENSION, PROMISE, APPROVE_PROMISE, REFUSE_PROMISE,
        REACH_MILESTONE, REPLY, PASS_UNIT_REVIEW, FAIL_UNIT_REVIEW, APPROVE, REJECT, CALL_BACK, REDO, CLOSE_UNREACHED,
        URGE, SUPERVISE, FINISH_SUPERVISION, SUSPEND, RESUME, MERGE, UNMERGE, VOID, WITHDRAW, REOPEN, ARCHIVE, NOTE_DOWN,
    )
}  # fmt: skip

# Facts that are recorded as events but are no actions anyone may press.
FACTS: dict[str, str] = {
    "registered": "登记",
    "warned": "临期提醒",
    "breached": "超过时限",
    "revealed": "查看隐私信息",
    "attached": "上传附件",
    "answered_with_parent": "随主单答复",
    "took_in": "并入工单",
    "let_go": "解除并入",
    "notified": "通知诉求人",
    "exported": "导出",
}


def event_label(kind: str) -> str:
    """Chinese label of an event kind, action or fact."""
    return ACTIONS[kind].label if kind in ACTIONS else FACTS[kind]
