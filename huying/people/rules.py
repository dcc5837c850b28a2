"""Roles 角色 and permissions 权限: a permission is what a rule asks for, a role is a bundle of them (hotline-domain 4.1)."""

from dataclasses import dataclass

PERMISSIONS: dict[str, str] = {
    "register": "受理登记",
    "correct": "更正工单",
    "ask_citizen": "请诉求人补充",
    "review": "班组审核",
    "dispatch": "派单",
    "decide_return": "审核退单",
    "arbitrate": "会商指定",
    "decide_extension": "审核延期和承诺",
    "handle": "承办",
    "approve_unit": "本级审核",
    "approve_reply": "审核答复",
    "call_back": "回访",
    "urge": "催办",
    "supervise": "督办",
    "suspend": "挂起恢复",
    "merge": "并单",
    "void": "作废",
    "reopen": "重新办理",
    "archive": "归档",
    "note": "记备注",
    "see_all": "查看全部工单",
    "see_confidential": "查看保密工单",
    "reveal": "查看隐私信息",
    "export": "导出",
    "export_unmasked": "导出未脱敏数据",
    "import": "批量导入",
    "administer": "维护基础数据",
}


@dataclass(frozen=True, slots=True)
class Role:
    """A bundle of permissions with a Chinese name."""

    code: str
    label: str
    permissions: frozenset[str]


def _role(code: str, label: str, permissions: str) -> Role:
    names = frozenset(permissions.split())
    unknown = names - PERMISSIONS.keys()
    if unknown:
        raise ValueError(f"role {code} names unknown permissions {sorted(unknown)}")
    return Role(code, label, names)


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role("operator", "话务员", "register correct ask_citizen urge note see_all reveal"),
        _role("leader", "班组长", "register correct ask_citizen review urge merge note see_all reveal void"),
        _role(
            "dispatcher", "派单员",
            "correct ask_citizen dispatch decide_return arbitrate decide_extension suspend merge void urge reopen note "
            "see_all see_confidential reveal import export",
        ),
        _role("handler", "承办人", "handle note reveal urge"),
        _role("head", "承办单位领导", "handle approve_unit note reveal urge"),
        _role("approver", "答复审核员", "approve_reply correct note see_all see_confidential reveal"),
        _role("callback", "回访员", "call_back reopen note see_all reveal urge"),
        _role(
            "supervisor", "督办员",
            "urge supervise reopen suspend decide_extension arbitrate archive note see_all see_confidential reveal export",
        ),
        _role("quality", "质检员", "note see_all"),
        _role("analyst", "分析师", "see_all export"),
        _role("planner", "排班员", "see_all"),
        _role("chief", "值班领导", "review urge supervise arbitrate void archive reopen note see_all see_confidential reveal export export_unmasked"),
        _role("admin", "系统管理员", "import administer"),
    )
}  # fmt: skip


def permissions_of(codes: list[str]) -> frozenset[str]:
    """All permissions of a person's roles; a role that no longer exists gives nothing."""
    found: frozenset[str] = frozenset()
    for code in codes:
        if code in ROLES:
            found |= ROLES[code].permissions
    return found


DEMO_PASSWORD = "huying-demo"
DEMO_ACCOUNTS: dict[str, tuple[str, str]] = {
    "operator": ("operator", "话务员 秦悦"),
    "leader": ("leader", "班组长 宋静怡"),
    "dispatcher": ("dispatcher", "派单员 高朗"),
    "handler": ("handler", "承办人 雷向东"),
    "approver": ("approver", "答复审核员 白若溪"),
    "callback": ("callback", "回访员 谢晓棠"),
    "supervisor": ("supervisor", "督办员 韩松"),
    "quality": ("quality", "质检员 邵一帆"),
    "analyst": ("analyst", "分析师 钟毓"),
    "planner": ("planner", "排班员 龚晴"),
    "chief": ("chief", "值班领导 任远"),
    "admin": ("admin", "系统管理员"),
}
