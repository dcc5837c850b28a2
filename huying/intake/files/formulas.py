"""公式防护: a cell that a spreadsheet program would run as a formula gets an apostrophe in front, and loses it again.

The two are each other's inverse for every text, so that a file can be exported and imported without a change.
"""

# OWASP "CSV injection"; the full-width forms are run by programs set to Chinese or Japanese, too
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def guard(text: str) -> str:
    """The text as it may stand in a CSV cell."""
    return f"'{text}" if text.lstrip("'").startswith(STARTS) else text


def unguard(text: str) -> str:
    """The text as it was before `guard`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(STARTS) else text
