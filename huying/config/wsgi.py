"""The web process: API, pages, admin."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.config.settings")
application = get_wsgi_application()
