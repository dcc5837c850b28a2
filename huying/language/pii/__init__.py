"""脱敏: personal data in free text found and masked, and single fields masked.

Free text: mobile numbers (also written with spaces, hyphens, full-width or Chinese digits), land lines, citizen ID numbers
(18 and 15 characters), bank cards (Luhn), passports and permits, e-mail addresses, number plates, WeChat and QQ numbers,
house and unit behind a street or estate, names after words that announce one. When in doubt a number is masked: an export
that hides one number too many does less harm than one that shows it. Hotlines (12345, 400 numbers), order numbers,
dates, amounts, the names of streets and a building alone (3号楼, which says where a whole house has no water) stay.
"""

from .fields import mask_id, mask_name, mask_phone
from .finding import Span, find, mask
from .numbers import is_bank_card, is_citizen_id

__all__ = ["Span", "find", "is_bank_card", "is_citizen_id", "mask", "mask_id", "mask_name", "mask_phone"]
