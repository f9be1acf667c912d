# SPDX-License-Identifier: Apache-2.0
"""mozilla-django-oidc: its settings, and a backend that knows people by sub, for we hold no e-mail addresses."""
from os import environ
from urllib.parse import urlencode

from django_app import HOME, configure, serve

issuer = environ["ISSUER"]


def logout_url(request):
    return issuer + "/oidc/logout?" + urlencode(
        {"id_token_hint": request.session["oidc_id_token"], "post_logout_redirect_uri": environ["SITE"] + "/"})


configure(
    ["mozilla_django_oidc"],
    "__main__.BySub",
    ["mozilla_django_oidc.middleware.SessionRefresh"],
    OIDC_RP_CLIENT_ID=environ["CLIENT_ID"],
    OIDC_RP_CLIENT_SECRET=environ["CLIENT_SECRET"],
    OIDC_RP_SCOPES="openid profile",
    OIDC_RP_SIGN_ALGO="RS256",
    OIDC_OP_AUTHORIZATION_ENDPOINT=issuer + "/oauth2/authorize",
    OIDC_OP_TOKEN_ENDPOINT=issuer + "/oauth2/token",
    OIDC_OP_USER_ENDPOINT=issuer + "/oidc/userinfo",
    OIDC_OP_JWKS_ENDPOINT=issuer + "/oauth2/jwks",
    OIDC_STORE_ID_TOKEN=True,
    OIDC_OP_LOGOUT_URL_METHOD="__main__.logout_url",
    OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS=int(environ["RENEW_S"]),
    LOGIN_REDIRECT_URL="/",
    LOGOUT_REDIRECT_URL="/",
)

from django.urls import include, path  # noqa: E402
from mozilla_django_oidc.auth import OIDCAuthenticationBackend  # noqa: E402


class BySub(OIDCAuthenticationBackend):
    def verify_claims(self, claims):
        return "sub" in claims

    def filter_users_by_claims(self, claims):
        return self.UserModel.objects.filter(username=claims["sub"])

    def create_user(self, claims):
        return self.UserModel.objects.create_user(claims["sub"], first_name=claims.get("name", ""))


urlpatterns = [HOME, path("oidc/", include("mozilla_django_oidc.urls"))]
serve()
