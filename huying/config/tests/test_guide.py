"""The guide at /docs/."""

import re

import pytest
from django.test import Client

from huying.config.guide import FOLDER, IMAGES, Page, contents, html

PAGES = contents()


def test_a_page_cannot_bring_script() -> None:
    assert "<script" not in html("<script>alert(1)</script>\n\n[x](javascript:alert(1))")
    assert 'href="javascript' not in html("[x](javascript:alert(1))")


def test_links_between_pages_become_addresses() -> None:
    assert 'href="/docs/02-operator/#x"' in html("[话务员](02-operator.md#x)")
    assert 'src="/docs/images/desk.png"' in html("![台](../images/desk.png)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_of_a_page_is_there(page: Page) -> None:
    text = page.text
    linked = re.findall(r"\]\((?:\./)?([a-z0-9-]+\.md)", text)
    assert [name for name in linked if not (FOLDER / name).is_file()] == []
    pictures = re.findall(r"\]\(\.\./images/([^)]+)\)", text)
    assert [name for name in pictures if not (IMAGES / name).is_file()] == []


def test_the_first_page_is_the_front_and_unknown_ones_are_404(client: Client) -> None:
    answer = client.get("/docs/")
    assert answer.status_code == 200
    assert PAGES[0].title in answer.content.decode()
    assert client.get("/docs/nothing/").status_code == 404
    assert client.get("/docs/images/..%2f..%2fpyproject.toml").status_code == 404
