"""Why a process cannot start 无法启动: one sentence in Chinese and in English, printed before leaving with code 2."""

EXIT_CODE = 2


class CannotStart(Exception):
    """The process cannot start; the message says why and what to do, in Chinese and in English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")
        self.chinese = chinese
        self.english = english


class DatabaseFault(CannotStart):
    """The database cannot be used."""
