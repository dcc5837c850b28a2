"""登录限流: wrong passwords are counted per account and address, in the database, hence for all web processes together.

Not per address: an office of 500 stands behind one. Not per account: anybody could shut anybody out.
"""

from datetime import timedelta

from django.db import connection

from huying.kernel import clock, crypto
from huying.kernel.errors import TooMany

from .models import SignInFailures

MOST = 10
WINDOW = timedelta(minutes=15)


def attempt(username: str, address: str) -> bytes:
    """Count a try before the password is looked at, so that many at once do not slip through; the key to undo it.

    Errors: TooMany `too_many_attempts` with `retry_after` in seconds.
    """
    now = clock.now()
    key = crypto.keyed_hash("sign-in", f"{username.strip().lower()}|{address}")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO people_signinfailures AS kept (key, count, since) VALUES (%s, 1, %s)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN kept.since < %s THEN 1 ELSE kept.count + 1 END,
                since = CASE WHEN kept.since < %s THEN excluded.since ELSE kept.since END
            RETURNING count, since""",
            [key, now, now - WINDOW, now - WINDOW],
        )
        count, since = cursor.fetchone()
    if count > MOST:
        left = max(1, int((since + WINDOW - now).total_seconds()))
        raise TooMany(
            "too_many_attempts",
            f"密码错误次数过多，请{-(-left // 60)}分钟后再试，或请系统管理员重设密码",
            retry_after=left,
        )
    return key


def succeeded(key: bytes) -> None:
    """Forget the wrong tries of this account at this address, and everything too old to count."""
    SignInFailures.objects.filter(key=key).delete()
    SignInFailures.objects.filter(since__lt=clock.now() - WINDOW).delete()
