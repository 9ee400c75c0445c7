"""Make Django's own tables and somebody signed in, and print the cookie."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_peer.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

call_command("migrate", verbosity=0)
users = get_user_model().objects
user = users.filter(username="bench").first() or users.create_superuser("bench", "bench@signpost.example", None)
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(f"sessionid={session.session_key}")
