"""使用手册: docs/guide served at /docs/, so that whoever sits at a desk can read it without leaving the platform."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from markdown_it import MarkdownIt

from .reference_pages import ROOT

FOLDER = ROOT / "docs" / "guide"
IMAGES = ROOT / "docs" / "images"
_LINK = re.compile(r'href="(?:\./)?([a-z0-9-]+)\.md(#[^"]*)?"')
_IMAGE = re.compile(r'src="\.\./images/')
# raw HTML stays off: a page can say nothing that a browser runs
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the guide: its address, title and text."""

    name: str
    title: str
    text: str


def contents(folder: Path = FOLDER) -> list[Page]:
    """The pages in reading order: by file name (`01-…`), each titled by its first heading."""
    found = []
    for file in sorted(folder.glob("*.md")):
        text = file.read_text("utf-8")
        heading = next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), file.stem)
        found.append(Page(file.stem, heading, text))
    return found


def html(text: str) -> str:
    """The page as HTML; links between pages and to pictures made to fit the addresses."""
    made = _markdown.render(text)
    made = _LINK.sub(r'href="/docs/\1/\2"', made)
    return _IMAGE.sub('src="/docs/images/', made)


def guide(request: HttpRequest, name: str = "") -> HttpResponse:
    """One page, the first when none is named; 404 when there is none of that name."""
    pages = contents()
    page = next((page for page in pages if page.name == name or not name), None)
    if page is None:
        raise Http404
    return render(request, "guide.html", {"pages": pages, "page": page, "html": html(page.text)})


def image(request: HttpRequest, name: str) -> FileResponse:
    """A picture of the guide."""
    file = IMAGES / name
    if "/" in name or file.suffix != ".png" or not file.is_file():
        raise Http404
    return FileResponse(file.open("rb"), content_type="image/png")
