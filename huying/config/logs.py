"""日志: what went wrong and where, without the words that people sent."""

import logging
import traceback
from types import TracebackType


class PlacesOnly(logging.Formatter):
    """A traceback as kinds and places: the message of an exception may quote a name, a number or a whole request."""

    def formatException(  # the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Every exception of the chain, the first cause first, each with the lines it came through."""
        said: list[str] = []
        fault = ei[1]
        while fault is not None:
            frames = traceback.extract_tb(fault.__traceback__)
            said.insert(0, "\n".join([*(f"  {f.filename}:{f.lineno} {f.name}" for f in frames), type(fault).__name__]))
            fault = fault.__cause__ or fault.__context__
        return "\n".join(said)
