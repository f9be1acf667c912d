# SPDX-License-Identifier: Apache-2.0
"""Authlib under Flask, as its documentation shows it."""
from os import environ

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "seals the cookies of this test only"
hall = OAuth(app).register(
    "tongxing",
    client_id=environ["CLIENT_ID"],
    client_secret=environ["CLIENT_SECRET"],
    server_metadata_url=environ["ISSUER"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile phone offline_access"},
)
tokens = {}  # by sub: a cookie is too small for them


@app.get("/")
def home():
    if session.get("sub") not in tokens:
        return hall.authorize_redirect(url_for("callback", _external=True))
    token = tokens[session["sub"]]
    return {"userinfo": hall.userinfo(token=token), "id_token": token["userinfo"]}


@app.get("/callback")
def callback():
    token = hall.authorize_access_token()
    session["sub"] = token["userinfo"]["sub"]
    tokens[session["sub"]] = token
    return redirect("/")


@app.get("/refresh")
def refresh():
    before = tokens[session["sub"]]
    after = hall.fetch_access_token(grant_type="refresh_token", refresh_token=before["refresh_token"])
    tokens[session["sub"]] = before | after
    return {"renewed": after["access_token"] != before["access_token"], "userinfo": hall.userinfo(token=after)}


@app.get("/logout")
def logout():
    token = tokens.pop(session.pop("sub"))
    return hall.logout_redirect(url_for("bye", _external=True), token["id_token"])


@app.get("/bye")
def bye():
    return {"known": hall.validate_logout_response()}


app.run("127.0.0.1", int(environ["PORT"]))
