# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The partners of the demo, as files for demo_apply.sh. For demo.sh, which sets what is used here.
# shellcheck disable=SC2154

# How a partner proves itself: the hospital by a key, since its window scans cards, the others by a secret.
proof_of() {
    if [ "$1" = hospital ]; then
        printf '"token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [%s] }, "card_purposes": [ "show" ]' \
            "$("$build/tests/partner_sim" --jwk "$data/key.$1")"
    else
        printf '"token_endpoint_auth_method": "client_secret_basic", "client_secret": "%s"' "$(secret_of "$1")"
    fi
}

# write_partner ID PORT NAME_ZH NAME_EN SCOPE [CHANNEL]: an element of the partners file. What the server sends by itself
# stays on this machine. CHANNEL: web when left out.
write_partner() {
    local site
    site=$(site "$2")
    (umask 077 && cat >"$data/partners/$1.json") <<END
    {
      "client_id": "$1",
      "client_name": "$3",
      "client_name#en": "$4",
      "channel": "${6:-web}",
      $(proof_of "$1"),
      "id_token_signed_response_alg": "ES256",
      "redirect_uris": ["$site/callback"],
      "post_logout_redirect_uris": ["$site/logged-out"],
      "initiate_login_uri": "$site/login",
      "client_uri": "$site/",
      "backchannel_logout_uri": "http://localhost:$2/backchannel",
      "scope": "$5"
    }
END
}

# A mini program has a server of its own, which the simulator of WeChat plays too.
write_mini() {
    (umask 077 && cat >"$data/partners/mini.json") <<END
    {
      "client_id": "mini",
      "client_name": "社保小程序",
      "client_name#en": "Social Security Mini Program",
      "channel": "wechat",
      "client_secret": "$(secret_of mini)",
      "token_endpoint_auth_method": "client_secret_basic",
      "id_token_signed_response_alg": "ES256",
      "redirect_uris": ["$(site "$wechat_port")/mini"],
      "grant_types": ["urn:hrss:params:oauth:grant-type:wechat-code", "refresh_token"],
      "scope": "openid profile"
    }
END
}

# The terminal of the demo: a partner of its own, whose terminals have keys of their own.
write_kiosk() {
    cat >"$data/partners/kiosk.json" <<END
    {
      "client_id": "kiosk",
      "client_name": "自助服务终端",
      "client_name#en": "Self-service terminal",
      "channel": "terminal",
      "token_endpoint_auth_method": "private_key_jwt",
      "id_token_signed_response_alg": "ES256",
      "grant_types": ["urn:hrss:params:oauth:grant-type:card-pin", "urn:ietf:params:oauth:grant-type:device_code",
        "urn:hrss:params:oauth:grant-type:card-code", "refresh_token"],
      "card_purposes": ["login", "show"],
      "consent": "implied",
      "scope": "openid profile realname card"
    }
END
}

# write_line ID CHANNEL APPROVAL NAME_ZH NAME_EN: the two lines of the hotline, which ask over the telephone and by message.
write_line() {
    (umask 077 && cat >"$data/partners/$1.json") <<END
    {
      "client_id": "$1",
      "client_name": "$4",
      "client_name#en": "$5",
      "channel": "$2",
      "client_secret": "$(secret_of hotline)",
      "token_endpoint_auth_method": "client_secret_basic",
      "id_token_signed_response_alg": "ES256",
      "grant_types": ["urn:openid:params:grant-type:ciba"],
      "backchannel_approval": "$3",
      "scope": "openid profile"
    }
END
}

# The two apps of the demo's telephone share a login; the first opens the web hall's pages.
app_redirect() {
    if [ -n "$lan_address" ]; then site "$app_port"; else printf 'http://127.0.0.1'; fi
    printf '/callback'
}

# write_app ID NAME_ZH NAME_EN MEMBERS
write_app() {
    cat >"$data/partners/$1.json" <<END
    {
      "client_id": "$1",
      "client_name": "$2",
      "client_name#en": "$3",
      "channel": "app",
      "application_type": "native",
      "token_endpoint_auth_method": "none",
      "dpop_bound_access_tokens": true,
      "id_token_signed_response_alg": "ES256",
      "redirect_uris": ["$(app_redirect)"],
      "shared_redirect_uris": true,
      "post_logout_redirect_uris": ["$(site "$app_port")/bye"],
      "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:token-exchange"],
      "native_sso_group": "demo",
      $4
    }
END
}

write_apps() {
    write_app hall-app 掌上大厅 "Hall in your pocket" '"browser_ticket_partners": "webhall", "scope": "openid profile device_sso qr_login"'
    write_app card-app 社保卡应用 "Card app" '"scope": "openid profile"'
}
