# SPDX-License-Identifier: Apache-2.0
"""JupyterHub with its GenericOAuthenticator. No proxy stands before this hub and it starts no notebooks."""
from os import environ

from jupyterhub.proxy import Proxy

c = get_config()  # noqa: F821
issuer = environ["ISSUER"]

c.JupyterHub.authenticator_class = "generic-oauth"
c.GenericOAuthenticator.client_id = environ["CLIENT_ID"]
c.GenericOAuthenticator.client_secret = environ["CLIENT_SECRET"]
c.GenericOAuthenticator.oauth_callback_url = environ["SITE"] + "/hub/oauth_callback"
c.GenericOAuthenticator.authorize_url = issuer + "/oauth2/authorize"
c.GenericOAuthenticator.token_url = issuer + "/oauth2/token"
c.GenericOAuthenticator.userdata_url = issuer + "/oidc/userinfo"
c.GenericOAuthenticator.scope = ["openid", "profile"]
c.GenericOAuthenticator.username_claim = "sub"
c.GenericOAuthenticator.logout_redirect_url = issuer + "/oidc/logout"
c.Authenticator.allow_all = True
c.Authenticator.auto_login = True


class NoProxy(Proxy):
    should_start = False

    async def get_all_routes(self):
        return self.routes

    async def add_route(self, routespec, target, data):
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec):
        self.routes.pop(routespec, None)

    def __init__(self, **more):
        super().__init__(**more)
        self.routes = {}


c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.hub_port = int(environ["PORT"])
c.JupyterHub.db_url = "sqlite:///:memory:"
c.JupyterHub.cookie_secret = bytes(32)
c.JupyterHub.default_url = "/hub/home"
