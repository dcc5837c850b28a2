"""对象: who or what a text is about: a company, shop, unit, line or vehicle, by how such names end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

NAME_CHARS = 16

_ENDINGS: dict[str, str] = {
    "company": "有限责任公司|股份有限公司|有限公司|分公司|子公司|公司|集团|工厂|化工厂|加工厂|搅拌站|厂",
    "shop": (
        "超市|便利店|商店|专卖店|旗舰店|门店|餐厅|餐馆|饭店|火锅店|烧烤店|烤肉店|面馆|早餐店|奶茶店|酒店|宾馆|旅馆|民宿|理发店|美容院|"
        "美发店|健身房|健身中心|游泳馆|瑜伽馆|药店|大药房|药房|洗车行|修理厂|汽修店|4S店|4s店|加油站|网吧|KTV|ktv|酒吧|足浴店|洗浴中心|"
        "会所|麻将馆|台球厅|影城|电影院|菜市场|农贸市场|批发市场|商场|购物中心|快递站|驿站|快递公司|水果店|蛋糕店|烟酒店|服装店"
    ),
    "school": "幼儿园|小学|中学|高中|初中|学校|大学|学院|培训机构|培训中心|培训学校|辅导班|教育机构|驾校|托管班|早教中心",
    "medical": "人民医院|中医院|中医医院|妇幼保健院|医院|诊所|卫生院|卫生服务中心|卫生室|体检中心|急救中心",
    "utility": "热力公司|供热公司|供热站|热力站|换热站|锅炉房|自来水公司|水务公司|燃气公司|天然气公司|供电局|供电公司|电力公司|中国移动|中国联通|中国电信|中国铁塔|有线电视",
    "property": "物业公司|物业服务中心|物业管理处|物业|开发商|业委会|业主委员会|中介公司|中介|售楼部",
    "unit": "派出所|交警大队|执法队|城管中队|城管队|城管局|街道办事处|街道办|居委会|村委会|村支部|社区|政务大厅|政务服务中心|便民服务中心|服务大厅|办事大厅|不动产登记中心|公积金中心|管理中心|社保局|医保局|教育局|房管局|住建局|交通局|环保局|生态环境局|人社局|民政局|车管所|税务局|管委会|车站|银行|营业厅|邮局",
    "site": "建筑工地|施工工地|工地|项目部|施工队|施工单位|施工方|停车场|养殖场|养猪场|采石场|垃圾站|垃圾中转站|垃圾压缩站|变电站|基站",
    "platform": "外卖平台|购物平台|网约车平台|平台|网站|直播间|网店",
    "estate": "小区|家属院|花园|公寓|安置房|安置楼|庭院|新村|住宅区",
}
_KIND_OF = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split("|")}
_ENDING = re.compile("|".join(sorted(_KIND_OF, key=len, reverse=True)))
_NAME_CHAR = re.compile(r"[\u4e00-\u9fffA-Za-z0-9（）()·\-“”\"]")
# What stands before a name and is no part of it; longer ones first.
_BOUNDARIES = re.compile(
    "购买了|入职了|就职于|工作于|位于|附近的?|旁边的?|对面的?|楼下的?|楼上的?|门口的?|里面的?|投诉|举报|反映|反应|咨询|表扬|感谢|请问|联系|找到|通知|"
    "要求|希望|建议|因为|由于|而且|但是|就是|还有|以及|这家|那家|一家|这个|那个|一个|某个|有个|有家|我们|咱们|你们|他们|本人|自家|每天|经常|一直|"
    "在|的|是|到|向|对|由|被|给|和|与|及|去|从|让|跟|了|称|说|住|我|叫|有|该|某|找|请|把|等|都|上|问|内|里|过|为|来|家住"
)
_REGION = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,4}?省)?(?:[\u4e00-\u9fff]{2,4}?市)?(?:[\u4e00-\u9fffA-Z0-9]{1,5}?(?:区|县|新区|开发区))?"
    r"(?:[\u4e00-\u9fff]{2,6}?(?:街道|镇|乡))?(?:[\u4e00-\u9fff]{2,6}?(?:东路|西路|南路|北路|大道|路|街|巷)(?:\d{1,4}号)?)?"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·]?[A-HJ-NP-Za-hj-np-z0-9*]{4,6}(?![A-Za-z0-9])"
)
_LINE = re.compile(r"(?:地铁)?(?:\d{1,3}|[一二三四五六七八九十]{1,2})(?:号线|路公交车?|路车)|公交\d{1,4}路?")
_VEHICLE = re.compile("出租车|网约车|渣土车|大货车|洒水车|校车|共享单车|公交车")
_BLAMED = re.compile("(?:投诉|举报|表扬|感谢|反映|点赞)(?:一下|的是|了)?(?:位于|在)?$")
_ASKED_FOR_HELP = re.compile("(?:给|找|找到|联系|问|打给|致电|拨打|打过|反映给|报给|反映到|去)$")
# 大学南路 is a road, no university.
_ROAD = re.compile("[东西南北中]?[一二三四五]?(?:路|街|巷|大道|站|桥|十字)")
_DOES = re.compile(
    "[^，。！？]{0,6}?(?:不|拒|拖|乱|未|没|擅自|私自|要求|收|卖|欠|推|骗|违|无证|强制|偷|非法|涉嫌|虚假|关门|跑路|施工|排放|噪|油烟|态度|太|服务)"
)
_WEIGHT = {"company": 2.0, "shop": 2.0, "school": 2.0, "medical": 2.0, "utility": 2.0, "property": 1.6, "unit": 1.4, "site": 1.6, "platform": 1.2, "estate": 0.4}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what the text is about: the words, their place, and a kind (company, shop, school, vehicle, ...)."""

    word: str
    start: int
    end: int
    kind: str


def find_subjects(text: str) -> list[Subject]:
    """找对象: every one of a text, the likeliest first."""
    scored: list[tuple[float, Subject]] = []
    for subject in _named(text):
        score = _WEIGHT[subject.kind] + min(0.6, 0.15 * (len(subject.word) - 2))
        if _BLAMED.search(text, max(0, subject.start - 8), subject.start):
            score += 2.0
        if _ASKED_FOR_HELP.search(text, max(0, subject.start - 4), subject.start):
            score -= 2.0
        if _DOES.match(text, subject.end):
            score += 1.0
        scored.append((score, subject))
    for kind, pattern, weight in (("plate", _PLATE, 3.2), ("line", _LINE, 1.8), ("vehicle", _VEHICLE, 1.2)):
        scored += [(weight, Subject(match[0], *match.span(), kind)) for match in pattern.finditer(text)]
    scored.sort(key=lambda each: (-each[0], each[1].start))
    return [subject for _, subject in scored]


def of_kind(subjects: Sequence[Subject], *kinds: str) -> Subject | None:
    """The likeliest of some kinds."""
    return next((subject for subject in subjects if subject.kind in kinds), None)


def _named(text: str) -> list[Subject]:
    found: list[Subject] = []
    done = 0
    for match in _ENDING.finditer(text):
        if _ROAD.match(text, match.end()):
            continue
        start = match.start()
        floor = max(done, start - NAME_CHARS)
        while start > floor and _NAME_CHAR.match(text[start - 1]):
            start -= 1
        before = text[start : match.start()]
        boundary = 0
        for word in _BOUNDARIES.finditer(before):
            boundary = word.end()
        name = before[boundary:]
        region = _REGION.match(name)
        # A district before the name is its place; but 雁塔区政务大厅 is named by it.
        kind = _KIND_OF[match[0]]
        if region and region.end() and kind not in ("unit", "estate", "medical", "school") and region.end() < len(name):
            boundary += region.end()
        begin = start + boundary
        done = match.end()
        found.append(Subject(text[begin:done], begin, done, kind))
    return found
