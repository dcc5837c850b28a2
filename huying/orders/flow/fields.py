"""What an action must be told: declared once, from it come the API schema, the form and the event's content."""

from dataclasses import dataclass
from typing import Literal

FieldType = Literal[
    "text", "long_text", "boolean", "integer", "date", "datetime", "choice", "unit", "units", "order", "matter",
    "nature", "urgency", "phone", "milestones", "assignment", "street",
]  # fmt: skip

# longest accepted text, in characters; the database column is unlimited, people are not
TEXT_LIMIT = 200
LONG_TEXT_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an action's form. `personal` values are encrypted with the citizen's key in the event."""

    name: str
    label: str
    type: FieldType = "text"
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    personal: bool = False
    hint: str = ""


def text(name: str, label: str, *, required: bool = True, personal: bool = False, hint: str = "") -> Field:
    """A paragraph of free text."""
    return Field(name, label, "long_text", required, personal=personal, hint=hint)


def choice(name: str, label: str, choices: list[tuple[str, str]], *, required: bool = True) -> Field:
    """One of a list."""
    return Field(name, label, "choice", required, tuple(choices))


NOTE = text("note", "备注", required=False)
REASON = text("reason", "原因")
SATISFACTION = [
    ("very_satisfied", "非常满意"),
    ("satisfied", "满意"),
    ("fairly_satisfied", "基本满意"),
    ("unsatisfied", "不满意"),
    ("very_unsatisfied", "非常不满意"),
]
REFUSAL_REASONS = [
    ("outside_city", "不属于本市管辖或政府职责"),
    ("emergency_number", "应拨打110/119/120/122"),
    ("party_court_army", "属党委、人大、政协、法院、检察院、军队、武警事务"),
    ("legal_procedure", "应通过诉讼、仲裁、复议、纪检、信息公开等程序"),
    ("petition", "已进入或经信访渠道办结"),
    ("secret_privacy", "涉及国家秘密、商业秘密或个人隐私"),
    ("no_new_fact", "同一事项正在办理或已依法办结且无新事实"),
    ("abusive", "违法、辱骂、骚扰或无实质内容"),
    ("too_vague", "内容不清无法办理或联系方式不实"),
]
TRANSFER_LINES = [
    ("110", "110报警"), ("119", "119消防"), ("120", "120急救"), ("122", "122交通事故"),
    ("12315", "12315市场监管"), ("12320", "12320卫生健康"), ("12328", "12328交通运输"),
    ("12329", "12329住房公积金"), ("12333", "12333人社"), ("12345-province", "省级12345"),
    ("12348", "12348法律服务"), ("12350", "12350安全生产"), ("12338", "12338妇女"), ("12351", "12351工会"),
    ("12355", "12355青少年"), ("12366", "12366税务"), ("12367", "12367移民管理"), ("12305", "12305邮政"),
    ("12313", "12313烟草"), ("12360", "12360海关"), ("12393", "12393医保"), ("other", "其他热线"),
]  # fmt: skip
TRANSFER_MODES = [("one_key", "一键转接"), ("three_way", "三方通话"), ("told_number", "告知号码")]
ARBITRATION_RULES = [
    ("catalogue", "派单目录"),
    ("first_receiver", "首接负责"),
    ("territory", "属地兜底"),
    ("meeting", "会商确定"),
]
CONTACT_WAYS = [("phone", "电话"), ("visit", "上门"), ("message", "短信微信"), ("on_site", "现场见面")]
RESULTS = [("solved", "已解决"), ("partly_solved", "部分解决"), ("unsolved", "未解决"), ("explained", "解释说明")]
SUPERVISION_KINDS = [
    ("supervise", "督办"),
    ("joint", "联合督办"),
    ("on_site", "现场督办"),
    ("instruction", "领导批示"),
    ("escalated", "提级督办"),
]
CALL_BACK_WAYS = [("phone", "电话"), ("sms", "短信"), ("wechat", "微信")]
NEXT_AFTER_CALL_BACK = [
    ("close", "办结"),
    ("redo", "重办"),
    ("explain_close", "已尽责，解释后办结"),
]
