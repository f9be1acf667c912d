# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Staff at the counter, for demo.sh: a directory of an agency, the staff listener, who sits there, and what they work with. Without
# slapd the demo runs all the same, and has no staff.
# shellcheck disable=SC2154

staff_is_there() { [ -n "$directory" ]; }

# Sets `directory` to the address of its server, or to nothing.
start_directory() {
    local server=
    directory=
    # A counter's computer stands beside its server here, and both listeners must have one scheme.
    [ -z "$lan_address" ] || { say "(--lan: no staff at counters)"; return; }
    [ -n "${DEMO_BUILD:-}" ] || ./dev need slapd ldap-utils 9>&- || true
    command -v slapd >/dev/null || [ -x /usr/sbin/slapd ] || { say "(no slapd: no staff at counters)"; return; }
    say "starting directory …"
    tests/ci/slapd.sh stop "$data/slapd"
    server=$(tests/ci/slapd.sh start "$data/slapd" 2>>"$data/log/prepare.log" 9>&-) ||
        { say "(slapd did not start, see $data/log/prepare.log: no staff at counters)"; return; }
    directory=${server%% *}
    # They serve the whole province that the ready account's card is of.
    sed 's/"region": "[0-9]*"/"region": "440000"/' tests/directory/groups.json >"$data/groups.json"
}

stop_directory() { [ ! -d "$data/slapd" ] || tests/ci/slapd.sh stop "$data/slapd"; }

# What stands in the configuration.
staff_config() {
    staff_is_there || return 0
    cat <<END
[staff]
listen = 127.0.0.1:$staff_port
url = $staff_url
groups_file = $data/groups.json
[directory]
urls = $directory
ca_file = $data/slapd/ca.pem
bind_dn = cn=tongxing,ou=accounts,dc=hrss,dc=example
bind_password = tongxing-may-read
base = dc=hrss,dc=example
END
}

# The business system of the windows: staff log in to it, and it acts for citizens with a second person where that is needed.
write_window() {
    # Once it is registered it stays so, also where there are no staff this time.
    staff_is_there || [ -e "$data/partners/window.json" ] || return 0
    (umask 077 && cat >"$data/partners/window.json") <<END
    {
      "client_id": "window",
      "client_name": "窗口业务系统",
      "client_name#en": "Counter business system",
      "channel": "counter",
      "client_secret": "$(secret_of window)",
      "token_endpoint_auth_method": "client_secret_basic",
      "id_token_signed_response_alg": "ES256",
      "redirect_uris": ["http://localhost:$window_port/callback"],
      "post_logout_redirect_uris": ["http://localhost:$window_port/logged-out"],
      "initiate_login_uri": "http://localhost:$window_port/login",
      "client_uri": "http://localhost:$window_port/",
      "backchannel_logout_uri": "http://localhost:$window_port/backchannel",
      "grant_types": ["authorization_code", "urn:ietf:params:oauth:grant-type:token-exchange"],
      "scope": "openid profile staff",
      "businesses": [
        { "code": "pension.query", "name": "养老待遇查询", "name#en": "Pension enquiry", "scope": "openid profile", "roles": ["counter", "supervisor"] },
        { "code": "pension.change", "name": "养老待遇变更", "name#en": "Pension change", "scope": "openid profile", "roles": ["counter", "supervisor"], "second": true }
      ]
    }
END
}

start_staff() {
    staff_is_there || return 0
    start desk "$desk_port" "$build/tests/staff_sim" --port "$desk_port" --staff "$staff_url" \
        --tongxing "$build/tongxing" --config "$config" --secrets "$data/staff.secrets"
    start window "$window_port" "$build/tests/partner_sim" --theme hall --client-id window --port "$window_port" \
        --name-zh 窗口业务系统 --name-en "Counter business system" --scope "openid staff" \
        --issuer "$(site "$server_port")" --client-secret "$(secret_of window)" \
        --base-url "http://localhost:$window_port"
}

tell_staff() {
    staff_is_there || return 0
    row "http://localhost:$desk_port" "窗口人员 · staff: 开通码和动态口令 codes for counter and sign-in"
    row "$staff_url/staff" "窗口工作台 · the counter's page"
    row "http://localhost:$window_port" "窗口业务系统 · a business system of the counter"
}
