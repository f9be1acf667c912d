#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs docs/operations.md: every block of commands as it stands, on machines that have nothing but Debian and the package.
# A block that no one tries here is a failure. Usage: test_operations.sh BUILD, which has the program and tests/tongxing_next.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/ci/house.sh
build=$(realpath "${1:?usage: test_operations.sh BUILD}")
guide=docs/operations.md
work=$(mktemp -d)
first='' second='' others=()
finish() {
    for house_pid in $second $first; do house_close; done
    [ ${#others[@]} -eq 0 ] || kill "${others[@]}" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

failures=0
wrong() {
    echo "$*"
    failures=$((failures + 1))
}
expect() {
    local what=$1
    shift
    "$@" >"$work/said" 2>&1 || wrong "$what: $(tail -5 "$work/said")"
}

# --- What the guide has ----------------------------------------------------------------------------------------------

# $work/blocks/NN has the commands, with a heading before them and how many blocks of this heading came before.
mkdir "$work/blocks"
awk -v dir="$work/blocks" '
    /^#+ / { heading = $0; sub(/^#+ /, "", heading); at = 0 }
    /^ *```sh$/ { open = 1; indent = index($0, "`") - 1; file = sprintf("%s/%02d", dir, ++count); print heading "#" ++at >(file ".of"); next }
    open && /^ *```$/ { open = 0; close(file); next }
    open { print substr($0, indent + 1) >file }' "$guide"

# Commands in a sentence exist, and take what they are said to take.
check_mentions() {
    local line words
    while read -r line; do
        read -r -a words <<<"${line//|/ }"
        "$build/tongxing" "${words[@]}" --help >"$work/said" 2>&1 || wrong "$guide: \`tongxing $line\`: $(tail -1 "$work/said")"
    done < <(grep -o '`tongxing [^`]*`' "$guide" docs/operations.zh-CN.md | sed -E 's/^[^`]*`tongxing |`$//g; s/[][]//g; s/^COMMAND --help$/help/' |
        grep -v '^COMMAND' | sort -u)
}

# --- Machines --------------------------------------------------------------------------------------------------------

# What a person types to the terminal is typed by the test: what sudoedit changes stands in a script of sed.
write_sudo() {
    house_run sh -c 'cat >/usr/local/bin/sudo && chmod 755 /usr/local/bin/sudo' <<'SHELL'
#!/bin/sh
[ "$1" = -u ] || exec "$@"
user=$2
shift 2
exec runuser -u "$user" -- "$@"
SHELL
    house_run sh -c 'cat >/usr/local/bin/sudoedit && chmod 755 /usr/local/bin/sudoedit' <<'SHELL'
#!/bin/sh
exec sed -i -f /srv/edits "$1"
SHELL
}
# will_edit LINE…: what the next sudoedit does; "SECTION KEY VALUE".
will_edit() {
    local section key value
    for line in "$@"; do
        read -r section key value <<<"$line"
        echo "/^\\[$section\\]/,/^\\[/ s|^#\\?${key%@file}\\(@file\\)\\? =.*|$key = $value|"
    done >"$work/edits"
    house_put "$work/edits" /srv/edits
}
in_house() { house_run bash -euc "cd /srv && $1"; }
has() { house_run sh -c "rm -f /srv/tongxing_*.deb" && house_put "$1" "/srv/$(basename "$1")"; }
new_machine() {
    mkdir "$work/$1"
    house_open "$work/$1"
    write_sudo
    house_run sh -c 'echo "APT::Get::Assume-Yes \"true\";" >/etc/apt/apt.conf.d/99yes'
    has "$now"
}

# try HEADING NUMBER [NAME=VALUE…]: the block, in a terminal's shell that stops at the first mistake.
try() {
    local file
    local heading=$1 number=$2
    file=$(grep -lxF "$heading#$number" "$work"/blocks/*.of) || { wrong "$guide: no block $number under \"$heading\""; return; }
    file=${file%.of}
    shift 2
    house_put "$file" /srv/block
    house_run DEBIAN_FRONTEND=noninteractive "$@" sh -c 'cd /srv && timeout 120 bash -eux block' >"$work/said" 2>&1 </dev/null ||
        wrong "$guide: \"$heading\", block $number fails:
$(tail -15 "$work/said" | sed 's/^/    /')"
    : >"$file.tried"
}
# said WHAT PATTERN: the last block did.
said() { grep -qE -- "$2" "$work/said" || wrong "$1: no '$2' in: $(tail -5 "$work/said")"; }

ready() {
    expect "${1:-the service} is ready" house_run curl -sf --retry 20 --retry-delay 1 --retry-all-errors \
        http://127.0.0.1:9089/readyz
}
# The status of an introspection by the partner of the guide with the secret.
authenticates() {
    house_run curl -s -o /dev/null -w '%{http_code}' -u "hospital:$1" -d token=x http://127.0.0.1:9080/oauth2/introspect
}

# --- One machine, SQLite ---------------------------------------------------------------------------------------------

install_it() {
    will_edit "server issuer https://login.example.gov.cn" "server trusted_proxies 127.0.0.1"
    try "Install" 1
    said "the service answers" '^ready'
    try "Install" 2
    expect "the copy is the key" house_run cmp /mnt/encryption.key /var/lib/tongxing/encryption.key
    try "First partner" 1
    said "the plan" '^\+ hospital'
}

back_up_sqlite() {
    try "SQLite" 1
    try "SQLite" 2
    said "the drill answers" '^ready'
    expect "the drill is gone" in_house '! test -e /var/lib/tongxing/drill'
}

# The bank, the gateway and their certificates; a person registers.
open_to_people() {
    local name
    mkdir "$work/bank"
    nsenter -t "$first" -n "$build/tests/bank_sim" --port 9701 --dir "$work/bank" >"$work/bank.log" 2>&1 &
    others+=($!)
    nsenter -t "$first" -n "$build/tests/sms_sim" --port 9702 >"$work/sms.log" 2>&1 &
    others+=($!)
    until grep -q ready "$work/bank.log" && grep -q ready "$work/sms.log"; do sleep 0.1; done
    in_house 'install -d -o tongxing -m 0700 /etc/tongxing/bank'
    for name in merchant.pem merchant.key root.pem middle.pem; do house_put "$work/bank/$name" "/etc/tongxing/bank/$name"; done
    in_house 'chown tongxing /etc/tongxing/bank/*; chmod 400 /etc/tongxing/bank/*'
    will_edit "bank url http://127.0.0.1:9701/gateway/api/" "bank merchant_id 777290058110097" \
        "bank certificate_file /etc/tongxing/bank/merchant.pem" "bank key_file /etc/tongxing/bank/merchant.key" \
        "bank root_file /etc/tongxing/bank/root.pem" "bank middle_file /etc/tongxing/bank/middle.pem" \
        "sms url http://127.0.0.1:9702/" "sms access_key_id sim-key-id" "sms sign_name Tongxing" "sms template_code SMS_1" \
        "outbound allow_loopback yes" "sms access_key_secret@file /etc/tongxing/sms.secret"
    in_house 'sudoedit /etc/tongxing/tongxing.conf
        install -m 0400 -o tongxing /dev/null /etc/tongxing/sms.secret; echo sim-key-secret >/etc/tongxing/sms.secret
        sudo -u tongxing tongxing check-config >/dev/null 2>&1; systemctl restart tongxing'
    ready
    expect "a person registers" nsenter -t "$first" -n env NODE_OPTIONS=--experimental-global-webcrypto \
        node tests/ci/newcomer.mjs https://login.example.gov.cn 9080 9702
    said "she is registered" '^registered at .*, request'
    request=$(sed -n 's/.*, request //p' "$work/said")
}

look_up() {
    local person
    try "People" 1
    person=$(grep -oE 'p_[A-Za-z0-9_-]{22}' "$work/said" | head -1)
    try "The audit trail" 1 "REQUEST_ID=$request" "PERSON_ID=$person"
    said "her registration" 'register'
    try "The audit trail" 2
    said "the trail" 'whole'
    try "The audit trail" 3
    said "the trail, with a checkpoint" 'whole'
    try "Partners" 1
    try "A new secret without an outage" 1
    try "Check it before the start" 1
    try "Change it while the service runs" 1
    # The signal is sent when the command ends; it may be taken a moment later.
    expect "the configuration is read anew" house_run sh -c \
        'for _ in 1 2 3 4 5 6 7 8 9 10; do journalctl -u tongxing | grep -q config.reloaded && exit; sleep 1; done; exit 1'
    try "Keys" 1
}

have_incidents() {
    local secret
    try "A signing key has leaked" 1
    try "A client secret has leaked" 1
    secret=$(grep -oE '[A-Za-z0-9_-]{43}' "$work/said" | head -1)
    for _ in 1 2 3; do [ "$(authenticates "$secret")" = 200 ] || sleep 1; done
    [ "$(authenticates "$secret")" = 200 ] || wrong "the new secret '$secret' does not work: $(authenticates "$secret")"
    [ "$(authenticates "not-the-$secret")" = 401 ] || wrong "another secret works"
    try "The bank is down" 1
    try "A flood of text messages" 1
    said "the messages of her registration" 'otp.sent'
    in_house 'systemctl kill -s KILL tongxing; rm /var/lib/tongxing/tongxing.db*'
    try "The database is lost" 1
    said "the service is back" '^ready'
    try "After restoring an older state" 1
    try "The disk is full" 1
    ready
}

certify() {
    in_house 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=login.example.gov.cn \
        -addext subjectAltName=DNS:login.example.gov.cn -keyout node.key -out node.pem 2>/dev/null'
    will_edit "server listen [::]:443" "server tls_certificate_file /etc/tongxing/tls/node.pem" \
        "server tls_key_file /etc/tongxing/tls/node.key" "server trusted_proxies"
    try "A certificate of its own" 1
    ready
    expect "it ends TLS" in_house 'curl -sf --cacert node.pem --resolve login.example.gov.cn:443:127.0.0.1 https://login.example.gov.cn/readyz'
    will_edit "server listen 127.0.0.1:9080" "server tls_certificate_file" "server tls_key_file" "server trusted_proxies 127.0.0.1"
    in_house 'sudoedit /etc/tongxing/tongxing.conf; systemctl restart tongxing'
    ready
}

upgrade_sqlite() {
    has "$next"
    try "Up, on SQLite" 1
    expect "it is the next version" in_house 'tongxing version | grep "^tongxing next"'
    has "$now"
    try "Down" 1
    expect "it is this version" in_house '! tongxing version | grep "^tongxing next"'
}

# --- Two machines, PostgreSQL ----------------------------------------------------------------------------------------

# A cable between the two, and the database at the first end.
connect_machines() {
    nsenter -t "$first" -n ip link add wire type veth peer name wire netns "$second"
    nsenter -t "$first" -n sh -c 'ip addr add 10.9.0.1/24 dev wire && ip link set wire up'
    nsenter -t "$second" -n sh -c 'ip addr add 10.9.0.2/24 dev wire && ip link set wire up'
    for house_pid in $second $first; do in_house 'echo "10.9.0.1 db.internal" >>/etc/hosts'; done
}
open_database() {
    in_house 'version=$(ls /etc/postgresql | sort -n | tail -1)
        pg_dropcluster --stop $version main || true
        pg_createcluster --locale C.UTF-8 $version main -- --no-sync
        echo "listen_addresses = '"'*'"'" >>/etc/postgresql/$version/main/postgresql.conf
        echo "host all all 10.9.0.0/24 scram-sha-256" >>/etc/postgresql/$version/main/pg_hba.conf
        systemctl start postgresql@$version-main' >"$work/said" 2>&1 || wrong "no database: $(tail -5 "$work/said")"
}

two_nodes() {
    connect_machines
    house_pid=$first
    open_database
    try "Two nodes" 1
    will_edit "store url@file /etc/tongxing/store.url"
    try "Two nodes" 2
    said "the first node answers" '^ready'
    expect "the partner, anew" in_house 'sudo -u tongxing tongxing partner apply partners.json'
    house_run tar -C / -cf - var/lib/tongxing/encryption.key etc/tongxing >"$work/brought"
    house_pid=$second
    house_put "$work/brought" /srv/brought
    # Also what the configuration names; a user of this machine has to have it, whom the package will make.
    in_house 'tar -xf brought && cp var/lib/tongxing/encryption.key etc/tongxing/store.url etc/tongxing/tongxing.conf .
        systemd-sysusers - <<<"u tongxing -"; mkdir /etc/tongxing
        cp -r etc/tongxing/bank etc/tongxing/sms.secret /etc/tongxing/ && chown -R tongxing /etc/tongxing/bank /etc/tongxing/sms.secret' \
        >/dev/null 2>&1
    try "Two nodes" 3
    said "the second node answers" '^ready'
    house_pid=$first
    expect "a change at one" in_house 'sudo -u tongxing tongxing key rotate RS256'
    house_pid=$second
    expect "is known to the other" in_house 'sudo -u tongxing tongxing key list | grep -E "RS256 +announced"'
}

back_up_postgres() {
    house_pid=$first
    try "PostgreSQL" 1
    try "PostgreSQL" 2
    said "the drill answers" '^ready'
}

# Somebody who never stops asking for a page; a front asks the other node when one is not ready.
watch_front() {
    local node at status
    while [ ! -e "$work/enough" ]; do
        status=000
        for node in $first $second; do
            at=$(house_pid=$node house_run curl -s -m 5 -o /dev/null -w '%{http_code}' http://127.0.0.1:9080/login 2>/dev/null || true)
            [[ $at != 200 && $at != 303 ]] || status=200
        done
        echo "$status"
        sleep 0.1
    done >"$work/answers"
}

upgrade_postgres() {
    local watcher
    watch_front &
    watcher=$!
    house_pid=$first
    has "$next"
    try "Up, on PostgreSQL" 1
    house_pid=$second
    expect "the old node may be started again" house_run systemctl restart tongxing
    ready "the old node on the new schema"
    for house_pid in $first $second; do
        has "$next"
        try "Up, on PostgreSQL" 2
    done
    for house_pid in $first $second; do
        has "$now"
        try "Down" 1
    done
    : >"$work/enough"
    wait $watcher
    [ "$(grep -c 200 "$work/answers")" -ge 10 ] || wrong "upgrade: nobody was answered"
    ! grep -v 200 "$work/answers" >"$work/said" || wrong "upgrade: $(wc -l <"$work/said") times no node answered"
}

# --- The whole -------------------------------------------------------------------------------------------------------

check_mentions
if ! house_can; then
    echo "not tested here: the commands of $guide (that needs root, and mounts of its own)"
    exit $((failures > 0))
fi
cmake/package/build.sh "$build/tongxing" "$work/now"
cmake/package/build.sh "$build/tests/tongxing_next" "$work/next" 99
now=$(echo "$work"/now/tongxing_*.deb)
next=$(echo "$work"/next/tongxing_*.deb)

new_machine one
first=$house_pid
install_it
open_to_people
look_up
back_up_sqlite
have_incidents
certify
upgrade_sqlite
new_machine two
second=$house_pid
two_nodes
back_up_postgres
upgrade_postgres

for block in "$work"/blocks/*.of; do
    [ -e "${block%.of}.tried" ] || wrong "$guide: nobody tries $(cat "$block")"
done
[ $failures -eq 0 ] && echo "$(find "$work/blocks" -name '*.tried' | wc -l) blocks of the guide did what it says"
