# SPDX-License-Identifier: Apache-2.0
"""social-auth-app-django with its generic backend for OpenID Connect."""
from os import environ

from django_app import HOME, configure, serve

configure(
    ["social_django"],
    "social_core.backends.open_id_connect.OpenIdConnectAuth",
    SOCIAL_AUTH_OIDC_OIDC_ENDPOINT=environ["ISSUER"],
    SOCIAL_AUTH_OIDC_KEY=environ["CLIENT_ID"],
    SOCIAL_AUTH_OIDC_SECRET=environ["CLIENT_SECRET"],
    LOGIN_REDIRECT_URL="/",
)

from django.http import JsonResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from social_django.utils import load_strategy  # noqa: E402


def refresh(request):
    login = request.user.social_auth.get(provider="oidc")
    before = login.extra_data["access_token"]
    login.refresh_token(load_strategy(request))
    return JsonResponse({"renewed": login.extra_data["access_token"] != before})


urlpatterns = [HOME, path("refresh", refresh), path("", include("social_django.urls", namespace="social"))]
serve()
