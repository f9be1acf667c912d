#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The package: what lintian and systemd say of it, and what happens on a machine that gets it, that of the next version
# and that of this one again. Usage: test_package.sh BUILD, which has the program and tests/tongxing_next.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/ci/house.sh
build=${1:?usage: test_package.sh BUILD}
exposure_at_most=15 # tenths, as systemd-analyze counts them
work=$(mktemp -d)
finish() {
    house_close
    rm -rf "$work"
}
trap finish EXIT

failures=0
wrong() {
    echo "$*"
    failures=$((failures + 1))
}
# expect WHAT COMMAND…: it ends well.
expect() {
    local what=$1
    shift
    "$@" >"$work/said" 2>&1 || wrong "$what: $(tail -5 "$work/said")"
}
# expect_said WHAT PATTERN COMMAND…: and says this.
expect_said() {
    local what=$1 pattern=$2
    shift 2
    "$@" >"$work/said" 2>&1 || wrong "$what: ended with $?"
    grep -qE "$pattern" "$work/said" || wrong "$what: no '$pattern' in: $(tail -5 "$work/said")"
}
# expect_refused WHAT PATTERN COMMAND…: it ends with an error, and says this.
expect_refused() {
    local what=$1 pattern=$2
    shift 2
    ! "$@" >"$work/said" 2>&1 || wrong "$what: was not refused"
    grep -qE "$pattern" "$work/said" || wrong "$what: no '$pattern' in: $(tail -5 "$work/said")"
}

# --- The package by itself -------------------------------------------------------------------------------------------

cmake/package/build.sh "$build/tongxing" "$work/now"
cmake/package/build.sh "$build/tongxing" "$work/again"
cmake/package/build.sh "$build/tests/tongxing_next" "$work/next" 99 # its template differs, too
now=$(echo "$work"/now/tongxing_*.deb)
next=$(echo "$work"/next/tongxing_*.deb)
unit=$work/x/lib/systemd/system/tongxing.service

expect "lintian" lintian --allow-root --fail-on error,warning,override "$work"/now/*.changes
expect "two packages of one build are the same" cmp "$now" "$work/again/$(basename "$now")"
dpkg-deb -x "$now" "$work/x"
exposure=$(systemd-analyze security --offline=true --no-pager "$unit" | sed -n 's/^→ Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p')
[ "${exposure/./}" -le $exposure_at_most ] || wrong "the unit is exposed by $exposure"
expect "nothing of this machine is in the program" sh -c "! strings -a '$work/x/usr/bin/tongxing' | grep -F '$PWD'"
expect_said "the program knows its commit" '^commit +[0-9a-f]{12}|^commit +unknown' "$work/x/usr/bin/tongxing" version

# --- A machine that gets it ------------------------------------------------------------------------------------------

if ! house_can; then
    echo "not tested here: installing and running it (that needs root, and mounts of its own)"
    exit $((failures > 0))
fi

in_house() { house_run bash -euc "$1"; }
tongxing() { house_run runuser -u tongxing -- tongxing "$@"; }
# What the service is asked at: by a front's plain http first, then by its own TLS.
at=http://127.0.0.1:9080
# ask PATH: the answer's body; status PATH: its status.
ask() { house_run curl -sS --cacert /etc/tongxing/tls/node.pem "$at$1"; }
status() { house_run curl -sS --cacert /etc/tongxing/tls/node.pem -o /dev/null -w '%{http_code}' "$at$1" || true; }
ready() {
    for _ in {1..100}; do
        [ "$(status /readyz 2>/dev/null)" != 200 ] || return 0
        sleep 0.1
    done
    return 1
}
main_process() { house_run systemctl show -P MainPID tongxing; }

installs() {
    local at
    at=/srv/$(basename "$1")
    house_put "$1" "$at"
    expect "installed: $at" house_run env DEBIAN_FRONTEND=noninteractive apt-get install -y --allow-downgrades "$at"
}

# set_line SECTION KEY VALUE: in the configuration, as an editor would.
set_line() {
    house_run sed -i -e "/^\[$1\]/,/^\[/ s|^#\?$2 =.*|$2 = $3|" /etc/tongxing/tongxing.conf
}

first_day() {
    installs "$now"
    expect "the unit holds what it says" house_run systemd-analyze verify tongxing.service
    expect_said "nothing runs before it is configured" '^inactive' in_house 'systemctl is-active tongxing || true'
    expect_said "the state is its user's alone" '^tongxing 700$' house_run stat -c '%U %a' /var/lib/tongxing
    expect_refused "unedited, it says what is missing" 'server.issuer' tongxing check-config
    expect_refused "and does not start" 'failed' house_run systemctl start tongxing
    set_line server issuer https://localhost
    set_line server trusted_proxies 127.0.0.1
    set_line store url sqlite:/var/lib/tongxing/tongxing.db
    expect "three lines are enough" tongxing check-config
    expect "it starts" house_run systemctl start tongxing
    ready || wrong "the service is not ready: $(house_run journalctl -u tongxing --no-pager | tail -5)"
    expect "started once, never again prepares a store" house_run test ! -e /etc/tongxing/first-start
    expect_said "the key that opens all others is its user's alone" '^tongxing 600$' \
        house_run stat -c '%U %a' /var/lib/tongxing/encryption.key
    expect_said "discovery names the issuer" '"issuer":"https://localhost"' \
        ask /.well-known/openid-configuration
    expect_said "the journal has its log" 'server.ready' house_run journalctl -u tongxing --no-pager
    expect_said "it runs as its user, sandboxed" '^tongxing .*NoNewPrivs:.1 ' in_house \
        'p=$(systemctl show -P MainPID tongxing); echo "$(stat -c %U /proc/$p)" $(grep NoNewPrivs /proc/$p/status) " "'
}

own_tls() {
    in_house 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
            -addext subjectAltName=DNS:localhost -keyout /etc/tongxing/tls/node.key -out /etc/tongxing/tls/node.pem 2>/dev/null
        chown tongxing /etc/tongxing/tls/node.key
        chmod 400 /etc/tongxing/tls/node.key'
    set_line server trusted_proxies ''
    set_line server tls_certificate_file /etc/tongxing/tls/node.pem
    set_line server tls_key_file /etc/tongxing/tls/node.key
    set_line server listen '[::]:443'
    at=https://localhost
    expect "it listens at 443 by itself" house_run systemctl restart tongxing
    ready || wrong "no TLS at 443: $(house_run journalctl -u tongxing --no-pager | tail -5)"
}

daily_life() {
    local before
    expect_said "a command goes through the door" 'ES256' tongxing key list
    expect_said "root may, too" 'ES256' house_run tongxing key list
    expect_refused "others may not" 'store|socket|permission' house_run runuser -u nobody -- tongxing key list
    before=$(main_process)
    expect "it is told to read again" house_run systemctl reload tongxing
    [ "$(main_process)" = "$before" ] || wrong "a reload ended the process"
    house_run kill -9 "$before"
    sleep 1
    ready || wrong "it does not come back after kill -9"
    expect "it stops" house_run systemctl stop tongxing
    expect_said "and ends well" '^Result=success$' house_run systemctl show -p Result tongxing
    # A store that is not where it was is missed: nobody makes a new one in its place.
    in_house 'mv /var/lib/tongxing/tongxing.db /var/lib/tongxing/away'
    expect_refused "without its store it does not start" 'failed' timeout 20 house_run systemctl start tongxing
    in_house 'systemctl stop tongxing; mv -f /var/lib/tongxing/away /var/lib/tongxing/tongxing.db; rm -f /var/lib/tongxing/tongxing.db-*'
    expect "with it, it does" house_run systemctl start tongxing
    ready || wrong "not ready with its store"
}

# One who never stops asking; each answer's status in a file.
asks() {
    in_house 'for i in $(seq 3000); do
            curl -sS --cacert /etc/tongxing/tls/node.pem -o /dev/null -w "%{http_code}\n" https://localhost/readyz 2>/dev/null || true
            sleep 0.02
        done' >"$work/answers" &
    asker=$!
}
asked_well() {
    kill "$asker" 2>/dev/null || true
    wait "$asker" 2>/dev/null || true
    [ "$(grep -c 200 "$work/answers")" -ge 3 ] || wrong "$1: nobody was answered"
    ! grep -v 200 "$work/answers" >"$work/others" || wrong "$1: answers other than 200: $(sort "$work/others" | uniq -c)"
}

# On SQLite: the old program serves on until it is stopped.
up_and_down() {
    local before
    before=$(main_process)
    asks
    installs "$next"
    [ "$(main_process)" = "$before" ] || wrong "the upgrade touched what runs"
    expect_refused "migrate waits for the service to stop" 'cannot be opened' tongxing migrate
    sleep 0.3
    asked_well "while the next version is installed"
    expect "stopped, migrated, started" in_house \
        'systemctl stop tongxing; runuser -u tongxing -- tongxing migrate; systemctl start tongxing'
    ready || wrong "the next version is not ready"
    expect_said "it is the next version" '^tongxing next' house_run tongxing version
    expect_said "the configuration was kept" '^issuer = https://localhost' house_run cat /etc/tongxing/tongxing.conf
    installs "$now"
    expect "back again" house_run systemctl restart tongxing
    ready || wrong "this version is not ready on the next one's schema"
    expect_said "it says that the schema is newer" 'only adds to what it knows' house_run journalctl -u tongxing --no-pager
}

last_day() {
    expect "removed" house_run apt-get remove -y tongxing
    expect_said "nothing runs any more" '^inactive|^failed' in_house 'systemctl is-active tongxing || true'
    expect "purged" house_run apt-get purge -y tongxing
    expect "people's data stays" house_run test -s /var/lib/tongxing/tongxing.db -a -s /var/lib/tongxing/encryption.key
    expect "the configuration does not" house_run test ! -e /etc/tongxing/tongxing.conf
    installs "$now"
    expect "and no store is prepared beside it" house_run test ! -e /etc/tongxing/first-start
}

mkdir "$work/house"
house_open "$work/house"
first_day
own_tls
daily_life
up_and_down
last_day
[ $failures -eq 0 ] && echo "the package holds (exposure $exposure)"
