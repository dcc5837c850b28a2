"""话术: what an operator may say, by situation of the call and matter; the seed is a start that a hotline edits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from huying.language.phrases import rows

SITUATIONS = {
    "opening": "开场", "verify": "核对要素", "question": "追问", "empathy": "共情", "cannot_decide": "不能当场定",
    "refuse": "不予受理", "transfer": "转接", "read_back": "复述", "closing": "结束", "comfort": "安抚模式",
    "abusive": "辱骂骚扰", "silence": "无声与等候", "elder": "老年人", "dialect": "方言与外语", "confidential": "保密",
    "repeat": "重复来电",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Script:
    """One script; `leaf` is a prefix of matter codes, empty for all."""

    code: str
    situation: str
    leaf: str
    title: str
    text: str


@lru_cache(maxsize=1)
def seed_scripts() -> tuple[Script, ...]:
    """The scripts that come with the project."""
    return tuple(from_rows(rows("scripts.csv")))


def from_rows(listed: Iterable[Mapping[str, str]]) -> list[Script]:
    """Scripts from rows with code, situation, leaf, title, text; raises ValueError with the number of a wrong row."""
    scripts: list[Script] = []
    codes: set[str] = set()
    for number, row in enumerate(listed, start=1):
        script = Script(row["code"], row["situation"], row["leaf"], row["title"], row["text"])
        if script.situation not in SITUATIONS:
            raise ValueError(f"第{number}行：没有“{script.situation}”这个场景")
        if not script.text or not script.code or script.code in codes:
            raise ValueError(f"第{number}行：话术为空或编号重复")
        codes.add(script.code)
        scripts.append(script)
    return scripts


def fitting(situation: str, leaf: str = "", scripts: Iterable[Script] | None = None) -> list[Script]:
    """找话术 for a situation, those written for the matter first (longest prefix), general ones after."""
    among = seed_scripts() if scripts is None else scripts
    found = [script for script in among if script.situation == situation and leaf.startswith(script.leaf)]
    return sorted(found, key=lambda script: -len(script.leaf))
