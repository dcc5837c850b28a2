"""地名识别: places in free text, resolved with the gazetteer of one city; unknown ones are found for an editor."""

from .gazetteer import MAX_CHARS, Gazetteer
from .terms import Candidate, Entry, Hints, Mention

__all__ = ["MAX_CHARS", "Candidate", "Entry", "Gazetteer", "Hints", "Mention"]
