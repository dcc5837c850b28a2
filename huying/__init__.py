"""呼应: an open platform for a city's 12345 citizen hotline."""

__version__ = "0.1.0"
