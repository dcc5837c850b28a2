"""内容分类 over HTTP."""

from tests.city import Desk


def test_a_leaf_is_found_by_its_code_its_name_and_the_words_people_use(desk: Desk) -> None:
    leaf = desk.call("operator", "get", "/matters", {"q": "010201", "leaf": "true"})[1]["items"][0]
    assert (leaf["code"], leaf["leaf"]) == ("010201", True)
    for words in (leaf["name"], leaf["everyday"][0]):
        found = desk.call("operator", "get", "/matters", {"q": words, "leaf": "true"})[1]["items"]
        assert "010201" in [item["code"] for item in found[:5]], words


def test_only_leaves_when_only_leaves_are_asked_for(desk: Desk) -> None:
    domain = desk.call("operator", "get", "/matters", {"q": "城市管理"})[1]["items"][0]
    assert domain["leaf"] is False
    found = desk.call("operator", "get", "/matters", {"leaf": "true", "limit": "100"})[1]["items"]
    assert len(found) == 100
    assert {len(item["code"]) for item in found} == {6}


def test_what_people_say_word_for_word_comes_before_names_that_are_only_near(desk: Desk) -> None:
    found = desk.call("operator", "get", "/matters", {"q": "暖气不热", "leaf": "true"})[1]["items"]
    assert "暖气不热" in found[0]["everyday"]


def test_among_everyday_words_the_leaf_it_is_said_of_most_comes_first(desk: Desk) -> None:
    found = desk.call("operator", "get", "/matters", {"q": "红绿灯", "leaf": "true"})[1]["items"]
    hits = [sum("红绿灯" in word for word in item["everyday"]) for item in found if "红绿灯" not in item["name"]]
    assert hits[0] == max(hits) > 1
