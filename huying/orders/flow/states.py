"""States 状态 of an order and of its assignments, with their Chinese labels (hotline-domain 4.2, DESIGN 4)."""

from enum import StrEnum


class Labelled(StrEnum):
    """A code with the Chinese label that people read."""

    label: str

    def __new__(cls, code: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(code, label) pairs, in the order of definition."""
        return [(member.value, member.label) for member in cls]


class State(Labelled):
    """工单状态: where the whole order stands."""

    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "待审核"
    TO_DISPATCH = "to_dispatch", "待派单"
    IN_PROGRESS = "in_progress", "办理中"
    DISPUTED = "disputed", "会商中"
    PROMISED = "promised", "承诺办理"
    SUSPENDED = "suspended", "挂起"
    AWAITING_CITIZEN = "awaiting_citizen", "待补充"
    REPLY_REVIEW = "reply_review", "答复待审核"
    TO_CALL_BACK = "to_call_back", "待回访"
    CLOSED = "closed", "已办结"
    ARCHIVED = "archived", "已归档"


class AssignmentState(Labelled):
    """承办状态: where one unit's share of the order stands."""

    TO_ACCEPT = "to_accept", "待签收"
    HANDLING = "handling", "办理中"
    RETURN_REQUESTED = "return_requested", "申请退回"
    UNIT_REVIEW = "unit_review", "待本级审核"
    REPLIED = "replied", "已回复"
    RETURNED = "returned", "已退回"
    RECALLED = "recalled", "已收回"


class Outcome(Labelled):
    """办结方式: how a closed order ended."""

    ANSWERED = "answered", "直接答复"
    SOLVED = "solved", "已解决"
    EXPLAINED = "explained", "解释说明"
    REFUSED = "refused", "不予受理"
    TRANSFERRED = "transferred", "已转接"
    MERGED = "merged", "重复并单"
    WITHDRAWN = "withdrawn", "诉求人撤回"
    VOIDED = "voided", "作废"


class Nature(Labelled):
    """性质: what kind of request it is."""

    CONSULT = "consult", "咨询"
    HELP = "help", "求助"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    SUGGESTION = "suggestion", "建议"
    PRAISE = "praise", "表扬"


class Urgency(Labelled):
    """紧急程度."""

    NORMAL = "normal", "一般"
    URGENT = "urgent", "紧急"
    CRITICAL = "critical", "特急"


class Channel(Labelled):
    """来源渠道."""

    PHONE = "phone", "电话"
    WEB = "web", "网站"
    WECHAT = "wechat", "微信"
    APP = "app", "手机应用"
    SMS = "sms", "短信"
    MAIL = "mail", "市长信箱"
    BOARD = "board", "留言板"
    PARTNER = "partner", "双号热线"
    POLICE = "police", "110联动"
    INSPECTION = "inspection", "互联网+督查"
    LEADER = "leader", "领导交办"
    MEDIA = "media", "媒体"
    IMPORT = "import", "批量导入"
    OPEN311 = "open311", "Open311"


class Part(Labelled):
    """承办身份: lead or assisting unit."""

    LEAD = "lead", "主办"
    ASSISTING = "assisting", "协办"


class ClockKind(Labelled):
    """时限种类. The first group is an obligation; `return_window` is a right that lapses."""

    REVIEW = "review", "班组审核"
    DISPATCH = "dispatch", "派单"
    SIGN = "sign", "签收"
    CONTACT = "contact", "首次联系"
    HANDLE = "handle", "办理"
    REDO = "redo", "重办"
    PROMISE = "promise", "承诺办理"
    ARBITRATE = "arbitrate", "会商"
    RETURN_DECISION = "return_decision", "退单审核"
    EXTENSION_DECISION = "extension_decision", "延期审核"
    REPLY_REVIEW = "reply_review", "答复审核"
    CALL_BACK = "call_back", "回访"
    RETURN_WINDOW = "return_window", "退单"


OPEN_STATES = frozenset(State) - {State.CLOSED, State.ARCHIVED}
OVERLAY_STATES = frozenset({State.SUSPENDED, State.AWAITING_CITIZEN})  # clocks wait; left to where they were entered
WORKING_STATES = frozenset({State.IN_PROGRESS, State.PROMISED})
ACTIVE = frozenset(
    {
        AssignmentState.TO_ACCEPT,
        AssignmentState.HANDLING,
        AssignmentState.RETURN_REQUESTED,
        AssignmentState.UNIT_REVIEW,
        AssignmentState.REPLIED,
    }
)
UNFINISHED = ACTIVE - {AssignmentState.REPLIED}
