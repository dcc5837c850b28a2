"""The web process: API, pages, admin."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.config.settings")
application = get_wsgi_application()

from huying.config.safety import refuse_unsafe  # noqa: E402 - Django must be set up first

# a server started without `huying web` is held to the same settings; the slow look at accounts is the command's
refuse_unsafe(accounts=False)
