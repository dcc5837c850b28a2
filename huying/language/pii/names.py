"""Names of people in free text: behind words that announce one (我叫, 联系人, 村支书), before a form of address (王女士), in
lists of such, and at the end of a letter.

A name is a surname and one or two characters. Where it ends is read from what follows and from the dictionary; a common
word at its place (我是高中生) is none. Whoever is addressed by office alone (李书记, 王主任) is not a private person.
"""

import re
from collections.abc import Iterator

import rjieba

from .surnames import COMPOUND, SINGLE, WORDS_TOO

_SURNAME = f"(?:{'|'.join(sorted(COMPOUND))}|[{''.join(sorted(SINGLE))}])"
_GAP = r"[:：，, （(“\"是为]{0,2}"
# After these a name is certain.
_SURE = re.compile(
    rf"(?:我叫做?|我名叫|名叫|名字叫|名字是|叫做|姓名|本人名|我名|我妈叫|我爸叫|[爸妈婆公父母妻夫子女儿弟妹哥姐]叫|联系人|当事人|被?举报人|被?投诉人|申请人|申诉人|"
    rf"上访人|信访人|诉求人|反映人|诉状人|控告人|被告人?|原告|法人代表|法定代表人|法人|开户名|户名|户主|车主|机主|肇事人|受害人|死者|伤者|村民代表|业主代表|"
    rf"曾用名|化名为){_GAP}(?={_SURNAME})"
)
# After these it may be one: what is behind must end a name, too.
_LIKELY = re.compile(
    rf"(?:本人|我是|我姓名|老公|老婆|丈夫|妻子|爱人|前夫|前妻|儿子|女儿|父亲|母亲|爸爸|妈妈|婆婆|公公|岳父|岳母|奶奶|爷爷|外婆|外公|孙子|孙女|哥哥|弟弟|姐姐|妹妹|儿媳|女婿|侄子|"
    rf"村支部?书记?|支书|书记|村长|村主任|主任|会计|组长|队长|所长|站长|乡长|镇长|校长|院长|经理|老板|包工头|房主|房东|屋主|业主|村民|居民|农户|农民|邻居|司机|"
    rf"患者|教师|老师|医生|护士|律师|民警|员工|职工|同事|朋友|负责人|经办人|工作人员|销售员?|顾问|书记员|检察官|法官|恶霸|户|组|村|指使|以|在|由|找|欠|被|和|与|跟|及|向|对)"
    rf"{_GAP}(?={_SURNAME})"
)
_BEFORE = re.compile(r"(?:^|[，。；：:！？、\s（(“\"])")
_TITLE = re.compile(
    rf"(?P<name>{_SURNAME}(?:[\u4e00-\u9fff]{{1,2}})??)(?:先生|女士|小姐|大爷|大妈|阿姨|叔叔|奶奶|爷爷|大叔|大姐|大哥|老先生|老太太|老人家|师傅|同学|某某?(?=[，。；、 \d]|$))"
)
_SURNAME_ONLY = re.compile(
    rf"(?:我|本人|老板|房东|司机|一个|一位|名|个|位|^|[，。；、])?姓(?P<after>{_SURNAME})(?=的|[，。；、！,. ]|先生|女士|名|叫|$)"
    rf"|(?:一|名|位|个|[，。；、\s]|^)(?P<before>{_SURNAME})姓(?!名|氏)"
)
_LONE_TITLE = re.compile(
    rf"(?:(?<=老板)|(?<=[，。；、\s叫找是])|^)(?P<name>{_SURNAME})(?=姐|哥|嫂|老板|总(?=[，。；、说的是在要不给拖骗欠 ]|$))"
)
_OFFICE = re.compile(
    r"同志|班主任|书记|局长|市长|县长|镇长|乡长|主任|老师|校长|院长|队长|所长|厅长|副?科长|医生|法官|律师|警官|老板|经理"
)
_END_OF_LETTER = re.compile(
    rf"(?:[。！!？?~；;，,\s]|敬礼|谢谢|盼复|此致|业主|村民|市民|群众|居民|:|：)\s?(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}})\s?(?:敬上|敬呈|呈上|上|拜上)?[。.！!]?\s?(?:\d{{4}}[年.\-/].{{0,8}})?\s*$"
)
_NEXT_IN_LIST = re.compile(rf"[、，,和与及 ]{{1,2}}(?={_SURNAME})")

# What may stand directly behind a name.
_AFTER = re.compile(
    r"[，。；：、！？,.;:!?（(）)\s\d*“”\"'<>《》/]|$|[男女是的家在于因系住属已现向和与及等说把将被为从对以同也就都不却又还能可要想去来给让叫]|今年|出生|身份证|电话|手机|户籍|"
    r"先生|女士|同志|老师|书记|主任|夫妇|夫妻|一家|两人|二人|三人|之|利用|违规|违法|违章|强行|私自|占用|挪用|长期|多次|涉嫌|贪污|家庭|名下|所|前方|随意|欠|打|骂|敬上|经营|承包|负责|奶奶|爷爷|班主任|妇科|指使|反映|先生|担任|身为|任职|没|手机|联系|妻|父|母|儿|驾驶|组织|私|自|上报|套取|申请|老先生|局长|市长|县长"
)
_NO_GIVEN = frozenset(
    "的了在是和与及我你他她它这那有没不也都就还又被把将对从到要会能可以为因而且或但们吗呢吧啊么什怎几多少个位名年月日号块岁分点县市区镇乡村街路社组栋楼室层期"
    "上下里外前后左右内问请说讲想做去来给让叫已经曾本该每各二三四五六七八九两某姐嫂您过着谢"
)
_NAME_TAGS = ("nr", "nrt", "nrfg", "nz")


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand, each as start and end; they may overlap."""
    for match in _SURE.finditer(text):
        yield from _listed(text, match.end(), sure=True)
    for match in _LIKELY.finditer(text):
        # 业委会和、小区在: these short words announce a name only where nothing else can be meant.
        yield from _listed(text, match.end(), sure=False)
    for match in _TITLE.finditer(text):
        name = match["name"]
        if name[0] not in WORDS_TOO and not _NO_GIVEN & set(name[1:]) and _begins(text, match.start()):
            yield match.span("name")
    for match in _SURNAME_ONLY.finditer(text):
        yield match.span("after" if match["after"] else "before")
    for match in _LONE_TITLE.finditer(text):
        yield match.span("name")
    for match in _END_OF_LETTER.finditer(text):
        if not rjieba.has_word(match["name"][:2]) and _length(text, match.start("name"), sure=False) == len(
            match["name"]
        ):
            yield match.span("name")
    yield from _tagged(text)


def _listed(text: str, start: int, *, sure: bool) -> Iterator[tuple[int, int]]:
    """The name at a place and those listed behind it: 刘印志、罗菊艳."""
    for _ in range(30):
        length = _length(text, start, sure=sure)
        if not length:
            return
        yield start, start + length
        behind = _NEXT_IN_LIST.match(text, start + length)
        if behind is None:
            return
        start, sure = behind.end(), False


def _length(text: str, start: int, *, sure: bool) -> int:
    """How many characters the name at a place has; 0 where there is none."""
    family = 2 if text[start : start + 2] in COMPOUND else 1
    if family == 1 and text[start : start + 1] not in SINGLE:
        return 0
    words = rjieba.tag(text[start : start + 10])
    first, tag = words[0]
    known = len(first) > family and not tag.startswith(_NAME_TAGS) and rjieba.has_word(first)
    if known and not (sure and len(first) <= 3 and _AFTER.match(text, start + len(first))):
        return 0
    if not sure and family == 1 and text[start] in WORDS_TOO and not tag.startswith(_NAME_TAGS):
        return 0
    if sure and text[start] in WORDS_TOO and rjieba.has_word(text[start + 1 : start + 3]):
        return 0
    if (
        not sure
        and rjieba.has_word(text[start : start + 2])
        and not rjieba.tag(text[start : start + 2])[0][1].startswith("nr")
    ):
        return 0
    for given in (2, 1) if not (tag.startswith("nr") and len(first) == family + 1) else (1, 2):
        end = start + family + given
        letters = text[start + family : end]
        if len(letters) < given or not all("\u4e00" <= letter <= "\u9fff" for letter in letters):
            continue
        if letters[0] in _NO_GIVEN or (
            letters[-1] in _NO_GIVEN and not (letters[-1] in "有为会能" and _closed(text, end))
        ):
            continue
        if not sure and _OFFICE.match(text, start + family):
            return 0
        if not sure and (_NOT_A_PERSON.search(text, start + family, end) or _NOT_A_PERSON.match(text, end)):
            return 0
        if _AFTER.match(text, end) and (sure or given == 2 or _closed(text, end) or tag.startswith("nr")):
            return family + given
    if (
        tag.startswith("nr")
        and family < len(first) <= family + 2
        and _AFTER.match(text, start + len(first))
        and _is_person(text, start, first, family)
    ):
        return len(first)
    return family + 2 if sure and _all_han(text, start + family, 2) else 0


def _closed(text: str, end: int) -> bool:
    return end >= len(text) or not "\u4e00" <= text[end] <= "\u9fff"


def _all_han(text: str, start: int, count: int) -> bool:
    letters = text[start : start + count]
    return len(letters) == count and all(
        "\u4e00" <= letter <= "\u9fff" and letter not in _NO_GIVEN for letter in letters
    )


def _begins(text: str, start: int) -> bool:
    """True where a word begins, as the few characters before tell."""
    if start == 0 or _BEFORE.match(text, start - 1):
        return True
    offset = max(0, start - 6)
    place = offset
    for word, _ in rjieba.tag(text[offset : start + 4]):
        if place == start:
            return True
        place += len(word)
    return False


_FULL = re.compile(rf"(?={_SURNAME}[\u4e00-\u9fff]{{1,2}})")
_NOT_A_PERSON = re.compile(
    r"[路街巷村镇乡县市区桥河山湖寺庙宫堡寨庄坊里湾塘站苑园城府湖岛洲组]|小区|社区|花园|公司|学校|小学|中学|医院|大道|广场|大厦|街道|超市|酒店|国际|花苑|集团|牌|酒|项目|工程|建筑|银行|餐饮|网吧|高速|公路|KTV|物业|置业|地产|实业|科技"
)


def _is_person(text: str, start: int, word: str, family: int) -> bool:
    """What the dictionary's model calls a person looks like one."""
    if word[0] not in SINGLE and family == 1:
        return False
    if any(letter in _NO_GIVEN for letter in word[family:]) or _OFFICE.search(word):
        return False
    return not _NOT_A_PERSON.search(word, family) and not _NOT_A_PERSON.match(text, start + len(word))


def _tagged(text: str) -> Iterator[tuple[int, int]]:
    """Names that the dictionary's model takes for people: of three characters, of two before an office or 同志."""
    place = 0
    words = rjieba.tag(text)
    for number, (tagged, tag) in enumerate(words):
        word = tagged
        start = text.find(word, place)
        if start < 0:
            continue
        place = start + len(word)
        if tag != "nr":
            continue
        family = 2 if word[:2] in COMPOUND else 1
        if len(word) == family + 3 and word[-1] in _NO_GIVEN | set("于因与"):
            word = word[:-1]
        end = start + len(word)
        short = len(word) == family + 1 and bool(_OFFICE.match(text, end))
        if not (short or len(word) == family + 2) or word[0] in WORDS_TOO or not _is_person(text, start, word, family):
            continue
        if rjieba.has_word(word[:2]) and not rjieba.tag(word[:2])[0][1].startswith("nr"):
            continue
        before = words[number - 1][1] if number else "x"
        if (before.startswith(("v", "p", "c", "x", "n", "r")) or _OFFICE.match(text, end)) and _AFTER.match(text, end):
            yield start, end
            behind = _NEXT_IN_LIST.match(text, end)
            if behind is not None:
                yield from _listed(text, behind.end(), sure=False)
