"""The generated pages of docs/reference 参考页: written from the code, so that they cannot say anything else than it does.

`huying write-reference` writes them; a test fails when a page and the code differ.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from huying.orders.flow import ACTIONS, Action, AssignmentState, State
from huying.orders.flow import states as st
from huying.orders.flow.actions import FACTS
from huying.people.rules import PERMISSIONS, ROLES

from .error_codes import codes

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
CLIENT = ROOT / "web" / "src" / "api" / "flow.json"
NOTE = "<!-- 由 huying write-reference 生成，请勿手改 / generated, do not edit -->"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def flow_page() -> str:
    """流程: states, the diagram, and every action with its guards and fields."""
    return "\n\n".join(
        [
            NOTE,
            "# 工单流程",
            "流程只在 `huying/orders/flow/` 里写一次；接口、按钮、表单、测试和本页都由它得出。",
            "## 工单状态",
            table(("编码", "名称"), [(state.value, state.label) for state in State]),
            "## 承办任务状态",
            table(("编码", "名称"), [(state.value, state.label) for state in AssignmentState]),
            "## 状态图",
            f"```mermaid\n{diagram()}\n```",
            "一个动作有几个终点时，由承办任务的状态推得（`derived_state`）或由办理规则决定；不改变状态的动作没有画。",
            "## 动作",
            *(_action(action) for action in ACTIONS.values()),
            "## 只记录、不由人按的事件",
            table(("编码", "名称"), sorted(FACTS.items())),
        ]
    )


def diagram() -> str:
    """A Mermaid state diagram of where the actions can lead."""
    lines = ["stateDiagram-v2", *(f"    {state.value}: {state.label}" for state in State), "    [*] --> draft"]
    arrows: dict[tuple[str, str], list[str]] = {}
    for action in ACTIONS.values():
        for source in sorted(action.sources):
            for target in sorted(action.reaches - {source}):
                arrows.setdefault((source, target), []).append(action.label)
    lines += [f"    {source} --> {target}: {'、'.join(labels)}" for (source, target), labels in sorted(arrows.items())]
    return "\n".join(lines)


def _action(action: Action) -> str:
    reached = [state.label for state in State if state in action.reaches]
    to = "、".join(reached) if action.target else "、".join(["不变", *reached]) if reached else "不变"
    said = [
        f"### {action.label} `{action.name}`",
        f"{action.says}。",
        f"- 权限：{PERMISSIONS[action.permission]}（`{action.permission}`）",
        f"- 从：{'、'.join(state.label for state in State if state in action.sources)}；到：{to}",
    ]
    if action.units:
        said.append(f"- 承办任务须为：{'、'.join(state.label for state in AssignmentState if state in action.units)}")
    rules = [
        f"`{rule.__name__}`（{' '.join((rule.__doc__ or '').split())}）" for rule in (*action.guards, *action.checks)
    ]
    if rules:
        said.append(f"- 条件：{'；'.join(rules)}")
    if action.fields:
        fields = [f"{field.label} `{field.name}`{'' if field.required else '（可不填）'}" for field in action.fields]
        said.append(f"- 填写：{'、'.join(fields)}")
    return said[0] + "\n\n" + said[1] + "\n\n" + "\n".join(said[2:])


def permissions_page() -> str:
    """权限: which role may do what."""
    roles = list(ROLES.values())
    rows = [
        (f"{label} `{name}`", *("✓" if name in role.permissions else "" for role in roles))
        for name, label in PERMISSIONS.items()
    ]
    return "\n\n".join(
        [
            NOTE,
            "# 角色与权限",
            "一个人可以有几个角色，权限相加。看得见哪些工单另由 `orders/visibility.py` 决定。",
            table(("权限", *(role.label for role in roles)), rows),
        ]
    )


def settings_page() -> str:
    """设置: what .env.example says, as a table."""
    rows: list[tuple[str, ...]] = []
    said: list[str] = []
    for line in (ROOT / ".env.example").read_text("utf-8").splitlines():
        if line.startswith("#HUYING_"):
            name, _, value = line[1:].partition("=")
            rows.append((f"`{name}`", f"`{value}`" if value else "", " ".join(said)))
            said = []
        elif line.startswith("# "):
            said.append(line[2:])
        elif not line:
            said = []
    return "\n\n".join([NOTE, "# 设置", table(("变量", "默认或示例", "说明"), rows)])


def glossary_page() -> str:
    """名词表: every code with its label."""
    kinds: dict[str, type[st.Labelled]] = {
        "工单状态": st.State, "承办状态": st.AssignmentState, "办结方式": st.Outcome, "性质": st.Nature,
        "紧急程度": st.Urgency, "来源渠道": st.Channel, "身份": st.Part, "时限": st.ClockKind,
    }  # fmt: skip
    rows = [(label, code, name) for name, kind in kinds.items() for code, label in kind.choices()]
    rows += [(action.label, action.name, "动作") for action in ACTIONS.values()]
    rows += [(role.label, role.code, "角色") for role in ROLES.values()]
    return "\n\n".join([NOTE, "# 名词表", table(("中文", "English", "类别"), rows)])


def errors_page() -> str:
    """错误代码: what the API refuses with."""
    rows = [(f"`{code}`", str(status), sentence) for code, status, sentence in codes()]
    said = "每个拒绝都是 `application/problem+json`（RFC 9457）：`code` 固定不变，`detail` 是给人看的一句话，`errors` 逐项指出字段。"
    return "\n\n".join([NOTE, "# 错误代码", said, table(("代码", "状态", "说明"), rows)])


PAGES: dict[str, Callable[[], str]] = {
    "flow.md": flow_page,
    "permissions.md": permissions_page,
    "settings.md": settings_page,
    "glossary.md": glossary_page,
    "errors.md": errors_page,
}


def client_flow() -> str:
    """What the client's types are made from: every action with its fields and their choices, and the other codes."""
    actions = {
        action.name: {field.name: [code for code, _ in field.choices] for field in action.fields}
        for action in ACTIONS.values()
    }
    kinds = {
        "state": st.State, "assignment": st.AssignmentState, "nature": st.Nature, "urgency": st.Urgency,
        "channel": st.Channel, "outcome": st.Outcome, "clock": st.ClockKind,
    }  # fmt: skip
    codes = {name: [code for code, _ in kind.choices()] for name, kind in kinds.items()}
    told = {
        "actions": actions,
        # keyed, so that TypeScript makes a union of the names
        "field_types": dict.fromkeys(
            sorted({field.type for action in ACTIONS.values() for field in action.fields}), True
        ),
        "codes": codes,
        "events": [*ACTIONS, *FACTS],
        "roles": list(ROLES),
    }
    return json.dumps(told, indent=2)


def pages() -> dict[Path, str]:
    """Where each page lies and what it must say."""
    return {FOLDER / name: page() + "\n" for name, page in PAGES.items()} | {CLIENT: client_flow() + "\n"}
