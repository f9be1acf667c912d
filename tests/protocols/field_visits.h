/* SPDX-License-Identifier: Apache-2.0 */
/* What the walk of test_field_walk.c visits: every route that reads something, with what makes it answer. */
#ifndef TESTS_PROTOCOLS_FIELD_VISITS_H
#define TESTS_PROTOCOLS_FIELD_VISITS_H

#include "tests/world.h"

/* Where the browser stands when it comes. */
enum stage {
    STAGE_NOBODY,
    STAGE_LOGIN, /* before the login page of a partner's request */
    STAGE_LOGGED_IN /* with a session, and the form token of its pages */,
    STAGE_CONSENT,
    STAGE_CHANGE,         /* of a password */
    STAGE_DEVICE,         /* before the page for a device's code */
    STAGE_DEVICE_CONFIRM, /* and the one that asks whether it may */
    STAGE_SESSIONS,
    STAGE_CODE, /* of a registration, like the next three */
    STAGE_NOTICE,
    STAGE_IDENTITY,
    STAGE_PASSWORD,
    STAGE_RECOVER_CODE, /* of a recovery, like the next two */
    STAGE_RECOVER_IDENTITY,
    STAGE_RECOVER_PASSWORD,
    STAGES
};

struct field_visit {
    const char *method;
    const char *path;
    enum stage stage;
    int status; /* of the whole request, which so has been inside */
    const char *base;
};

#define CLIENT "client_id=legacy&client_secret=legacy-secret-0123456789-0123456789-0123456789"
#define HOTLINE "client_id=hotline&client_secret=hotline-secret-0123456789-0123456789-0123456789"
#define AUTHORIZE                                                                                  \
    "client_id=webhall&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_type=code"             \
    "&response_mode=query&scope=openid&state=st-1&nonce=n&prompt=consent&max_age=900"              \
    "&login_hint=13800138000&acr_values=urn%3Ahrss%3Aacr%3Al2&claims=%7B%7D&ui_locales=en"         \
    "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256"

static const struct field_visit visits[] = {
    { "GET", "/login/qr", STAGE_LOGIN, 200, "" },
    { "GET", "/login/qr/status", STAGE_LOGIN, 404, "code=x" },
    { "POST", "/login/qr", STAGE_LOGIN, 410, "code=x" },
    { "POST", "/qr/scan", STAGE_NOBODY, 400, "" },
    { "POST", "/qr/confirm", STAGE_NOBODY, 400, "" },
    { "POST", "/qr/cancel", STAGE_NOBODY, 400, "" },
    { "GET", "/card", STAGE_LOGGED_IN, 200, "for=show&turn=1&told=wrong&act=x&permit=x" },
    { "GET", "/card/history", STAGE_LOGGED_IN, 200, "before=1" },
    { "GET", "/card/keep", STAGE_LOGGED_IN, 303, "" },
    { "POST", "/card/keep", STAGE_LOGIN, 400, "act=x" },
    { "POST", "/card", STAGE_LOGGED_IN, 303, "for=pay&act=pay&form=x&card_password=x" },
    { "POST", "/card/link", STAGE_NOBODY, 400, "" },
    { "POST", "/card/unlink", STAGE_NOBODY, 400, "" },
    { "POST", "/card/codes", STAGE_NOBODY, 400, "" },
    { "GET", "/card/jwks", STAGE_NOBODY, 200, "" },
    { "GET", "/q/{code}", STAGE_NOBODY, 404, "" },
    { "GET", "/q", STAGE_LOGIN, 400, "" },
    { "POST", "/q", STAGE_LOGIN, 400, "" },
    { "GET", "/login/wechat", STAGE_LOGIN, 404, "" },
    { "GET", "/login/wechat/qr", STAGE_LOGIN, 303, "" },
    { "GET", "/login/wechat/callback", STAGE_NOBODY, 400, "code=x&state=y" },
    { "GET", "/login/wechat/mini", STAGE_NOBODY, 400, "ticket=x" },
    { "GET", "/login/wechat/bind", STAGE_LOGIN, 400, "" },
    { "GET", "/login/wechat/number", STAGE_LOGIN, 400, "" },
    { "GET", "/login/wechat/confirm", STAGE_LOGIN, 400, "" },
    { "POST", "/login/wechat/number", STAGE_LOGIN, 400, "number=1234" },
    { "POST", "/login/wechat/confirm", STAGE_LOGIN, 400, "decision=bind" },
    { "POST", "/card/issue", STAGE_NOBODY, 400, "" },
    { "POST", "/card/renew", STAGE_NOBODY, 400, "" },
    { "POST", "/card/close", STAGE_NOBODY, 400, "" },
    { "POST", "/card/loss/report", STAGE_NOBODY, 400, "" },
    { "POST", "/card/password/set", STAGE_NOBODY, 400, "" },
    { "POST", "/card/losses", STAGE_NOBODY, 403,
      CLIENT "&identity_number=11010519491231002X&name=x&kind=formal&seen_in_person=true" },
    { "GET", "/card/loss", STAGE_LOGGED_IN, 303, "" },
    { "POST", "/card/loss", STAGE_LOGIN, 400, "decision=release&card_password=1" },
    { "GET", "/card/password", STAGE_LOGGED_IN, 303, "" },
    { "POST", "/card/password", STAGE_LOGIN, 400,
      "card_password_old=1&card_password=2&card_password_again=3" },
    { "GET", "/card/pay", STAGE_LOGGED_IN, 303, "" },
    { "POST", "/card/pay", STAGE_LOGIN, 400, "bank_card=1&bank_phone=2&bank_code=3" },
    { "GET", "/card/lost", STAGE_LOGIN, 404, "" },
    { "POST", "/card/lost", STAGE_LOGIN, 404, "phone=x" },
    { "GET", "/card/lost/confirm", STAGE_NOBODY, 410, "l=AAAAAAAAAAAAAAAAAAAAAA" },
    { "POST", "/card/lost/confirm", STAGE_LOGIN, 400, "" },
    { "GET", "/account/reset", STAGE_NOBODY, 410, "l=AAAAAAAAAAAAAAAAAAAAAA" },
    { "POST", "/account/reset", STAGE_LOGIN, 400, "password=1&password_again=2" },
    { "GET", "/account/wechat", STAGE_LOGGED_IN, 303, "" },
    { "POST", "/account/wechat", STAGE_LOGIN, 400, "" },
    { "GET", "/wechat/jssdk", STAGE_NOBODY, 400, "url=https%3A%2F%2Felsewhere.example%2F" },
    { "POST", "/oauth2/token", STAGE_NOBODY, 400,
      CLIENT "&grant_type=urn%3Ahrss%3Aparams%3Aoauth%3Agrant-type%3Awechat-code&js_code=x"
             "&encryptedData=x&iv=x&scope=openid" },
    { "GET", "/oauth2/authorize", STAGE_LOGGED_IN, 303, AUTHORIZE },
    { "POST", "/oauth2/authorize", STAGE_LOGGED_IN, 303, AUTHORIZE },
    { "GET", "/oauth2/authorize", STAGE_NOBODY, 303, AUTHORIZE },
    { "GET", "/oauth2/authorize/resume", STAGE_CONSENT, 303, "" },
    { "POST", "/oauth2/token", STAGE_NOBODY, 400,
      CLIENT "&grant_type=authorization_code&code=x&redirect_uri=https%3A%2F%2Flegacy.example%2Fcb"
             "&code_verifier=" WORLD_VERIFIER },
    { "POST", "/oauth2/token", STAGE_NOBODY, 400,
      "client_id=spa&grant_type=refresh_token&refresh_token=x&scope=openid" },
    { "POST", "/oauth2/bc-authorize", STAGE_NOBODY, 400,
      HOTLINE "&scope=openid&acr_values=urn%3Ahrss%3Aacr%3Al2&login_hint=nobody&binding_message=1"
              "&requested_expiry=30&client_notification_token=0123456789abcdef0123456789" },
    { "POST", "/oauth2/introspect", STAGE_NOBODY, 200, CLIENT "&token=x" },
    { "POST", "/oauth2/revoke", STAGE_NOBODY, 200, CLIENT "&token=x" },
    { "POST", "/card/codes/verify", STAGE_NOBODY, 403, CLIENT "&code=x" },
    { "POST", "/card/codes/batch", STAGE_NOBODY, 400, CLIENT "&scans=x+1" },
    { "POST", "/terminal/enrol", STAGE_NOBODY, 400, "code=1&jwk=x" },
    { "POST", "/terminal/session/end", STAGE_NOBODY, 400, CLIENT },
    { "GET", "/oidc/userinfo", STAGE_NOBODY, 401, "" },
    { "POST", "/oidc/userinfo", STAGE_NOBODY, 401, "access_token=x" },
    { "GET", "/oidc/logout", STAGE_LOGGED_IN, 200,
      "client_id=webhall&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=s" },
    { "POST", "/oidc/logout", STAGE_LOGGED_IN, 200,
      "client_id=webhall&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=s" },
    { "GET", "/ticket", STAGE_NOBODY, 400, "ticket=x" },
    { "GET", "/", STAGE_LOGGED_IN, 200, "" },
    { "GET", "/stopped", STAGE_NOBODY, 400, "" },
    { "GET", "/login", STAGE_LOGIN, 200, "" },
    { "POST", "/login", STAGE_LOGIN, 400, "phone=13800138000&password=not+hers" },
    { "POST", "/login/cancel", STAGE_LOGIN, 303, "" },
    { "GET", "/login/sms", STAGE_LOGIN, 200, "" },
    { "POST", "/login/sms", STAGE_LOGIN, 400, "phone=x" },
    { "POST", "/login/proven", STAGE_CODE, 400, "" },
    { "GET", "/login/sms/code", STAGE_CODE, 200, "again=1" },
    { "POST", "/login/sms/code", STAGE_CODE, 400, "code=000000" },
    { "GET", "/consent", STAGE_CONSENT, 200, "" },
    { "POST", "/consent", STAGE_CONSENT, 303, "decision=deny" },
    { "POST", "/oauth2/device_authorization", STAGE_NOBODY, 200, "client_id=tv&scope=openid" },
    { "GET", "/device", STAGE_DEVICE, 200, "user_code=WDJB-MJHT" },
    { "POST", "/device", STAGE_DEVICE, 400, "user_code=x" },
    { "GET", "/device/confirm", STAGE_DEVICE_CONFIRM, 200, "" },
    { "POST", "/device/confirm", STAGE_DEVICE_CONFIRM, 303, "number=00" },
    { "GET", "/device/done", STAGE_DEVICE_CONFIRM, 303, "" },
    { "GET", "/logout", STAGE_LOGGED_IN, 303, "" },
    { "GET", "/logout/frame", STAGE_LOGGED_IN, 400, "" },
    { "POST", "/logout", STAGE_LOGGED_IN, 303, "decision=no" },
    { "GET", "/approvals", STAGE_LOGGED_IN, 200, "done=over" },
    { "POST", "/approvals", STAGE_LOGGED_IN, 400, "which=x&decision=deny" },
    { "GET", "/approve", STAGE_NOBODY, 404, "l=AAAAAAAAAAAAAAAAAAAAAA" },
    { "POST", "/approve", STAGE_LOGIN, 400, "decision=deny" },
    { "POST", "/tests/approve", STAGE_NOBODY, 404, "auth_req_id=x&action=deny" },
    { "GET", "/register", STAGE_LOGIN, 200, "" },
    { "POST", "/register", STAGE_LOGIN, 400, "phone=x" },
    { "GET", "/register/code", STAGE_CODE, 200, "" },
    { "POST", "/register/code", STAGE_CODE, 400, "code=000000" },
    { "GET", "/register/notice", STAGE_NOTICE, 200, "" },
    { "POST", "/register/notice", STAGE_NOTICE, 400, "agree_registration=yes" },
    { "GET", "/register/identity", STAGE_IDENTITY, 200, "" },
    { "POST", "/register/identity", STAGE_IDENTITY, 400,
      "name=%E5%BC%A0%E4%B8%89&identity_number=11010519491231002X&bank_card=6216261000000000018"
      "&bank_phone=x&bank_code=000000" },
    { "GET", "/register/password", STAGE_PASSWORD, 200, "" },
    { "POST", "/register/password", STAGE_PASSWORD, 400, "password=short&password_again=short" },
    { "GET", "/account/password", STAGE_CHANGE, 200, "" },
    { "POST", "/account/password", STAGE_CHANGE, 400,
      "password_old=x&password=short&password_again=short" },
    { "GET", "/account/history", STAGE_LOGGED_IN, 303, "after=x" },
    { "GET", "/account/sessions", STAGE_SESSIONS, 200, "ended=1" },
    { "POST", "/account/sessions", STAGE_SESSIONS, 303, "end=x" },
    { "GET", "/card/family", STAGE_LOGGED_IN, 303, "done=asked" },
    { "POST", "/card/family", STAGE_LOGIN, 400,
      "kinship=elder&name=x&identity_number=x&agree=x&end=x" },
    { "GET", "/recover", STAGE_LOGIN, 200, "" },
    { "POST", "/recover", STAGE_LOGIN, 400, "phone=x" },
    { "GET", "/recover/code", STAGE_RECOVER_CODE, 200, "" },
    { "POST", "/recover/code", STAGE_RECOVER_CODE, 400, "code=000000" },
    { "GET", "/recover/identity", STAGE_RECOVER_IDENTITY, 200, "" },
    { "POST", "/recover/identity", STAGE_RECOVER_IDENTITY, 400,
      "name=%E5%BC%A0%E4%B8%89&identity_number=11010519491231002X&bank_card=6216261000000000018"
      "&bank_phone=x&bank_code=000000" },
    { "GET", "/recover/password", STAGE_RECOVER_PASSWORD, 200, "" },
    { "POST", "/recover/password", STAGE_RECOVER_PASSWORD, 400,
      "password=short&password_again=short&take_over=yes" },
};

#define VISITS (sizeof(visits) / sizeof(visits[0]))

#endif
