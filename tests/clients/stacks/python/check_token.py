# SPDX-License-Identifier: Apache-2.0
"""check_token.py LIBRARY TOKEN AUDIENCE: what a library makes of a token of ours, as JSON."""
import json
import sys
from os import environ

import jwt
import requests
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from joserfc.jwk import KeySet
from jose import jwt as jose_jwt

issuer = environ["ISSUER"]
library, token, audience = sys.argv[1:]


def keys():
    return requests.get(issuer + "/oauth2/jwks", timeout=10).json()


def pyjwt():
    key = jwt.PyJWKClient(issuer + "/oauth2/jwks").get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=["ES256"], audience=audience, issuer=issuer)


def python_jose():
    kid = jose_jwt.get_unverified_header(token)["kid"]
    key = next(key for key in keys()["keys"] if key["kid"] == kid)
    return jose_jwt.decode(token, key, algorithms=["ES256"], audience=audience, issuer=issuer)


class Validator(JWTBearerTokenValidator):
    def get_jwks(self):
        return KeySet.import_key_set(keys())


def authlib():
    validator = Validator(issuer=issuer, resource_server=audience)
    claims = validator.authenticate_token(token)
    validator.validate_token(claims, [], None)
    return dict(claims)


try:
    print(json.dumps({"pyjwt": pyjwt, "python-jose": python_jose, "authlib": authlib}[library]()))
except Exception as error:  # what each calls a refusal
    print(json.dumps({"refused": type(error).__name__}))
