"""区划层级 as plain values: how long a code is, and what lies above what."""

DIGITS = {"city": 4, "area": 6, "street": 9, "community": 12}
ABOVE = {"city": None, "area": "city", "street": "area", "community": "street"}
