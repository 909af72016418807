"""The product's settings, on the throw-away services of this test run.

Importing this starts the services if the run has none yet: pytest-django reads settings before any conftest.
"""

from __future__ import annotations

import os

from helpdesk.runtime import testing

os.environ.update(testing.environment())

from helpdesk.settings import *  # noqa: F403

# Signing in is part of many tests; a slow hash is not.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = []

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

ALLOWED_HOSTS = ["*"]

# A test that shows a broken variable must fail, not show an empty place; see conftest.py.
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.path.join(os.environ["HELPDESK_DATA_DIR"], "media")},  # noqa: PTH118
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True

# Inside a test's transaction nothing is announced, so nothing would tell that a count is old.
COUNTS_SECONDS = 0

# Tasks go to this worker's Valkey and stay there: a test that wants one to run calls it.
CELERY_TASK_ALWAYS_EAGER = False

# The tasks find this worker's broker, as manage.py, web and workers do.
import helpdesk.celery  # noqa: E402, F401
