# SPDX-License-Identifier: Apache-2.0
"""What both Django applications share: a site in one file, its users in memory."""
import sys
from os import environ

import django
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.urls import path


def configure(apps, backend, middleware=(), **more):
    settings.configure(
        ALLOWED_HOSTS=["localhost"],
        SECRET_KEY="seals the cookies of this test only",
        ROOT_URLCONF="__main__",
        LOGGING={"version": 1, "root": {"level": "WARNING", "handlers": ["err"]},
                 "handlers": {"err": {"class": "logging.StreamHandler"}}},
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:users?mode=memory&cache=shared"}},
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", *apps],
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
                    "django.contrib.auth.middleware.AuthenticationMiddleware", *middleware],
        AUTHENTICATION_BACKENDS=[backend],
        **more,
    )
    django.setup()


def home(request):
    user = request.user
    return JsonResponse({"username": user.username, "first_name": getattr(user, "first_name", ""),
                         "csrf": get_token(request)})


HOME = path("", home)


def serve():
    call_command("migrate", verbosity=0)
    execute_from_command_line([sys.argv[0], "runserver", "127.0.0.1:" + environ["PORT"], "--noreload"])
