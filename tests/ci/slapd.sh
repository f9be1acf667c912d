#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A throw-away directory of staff for tests and the demo: `start DIR [PORT]` prints "LDAPS_URL LDAP_URL CA_FILE", `stop DIR`
# ends it and removes DIR. DIR also gets other.pem, an authority that has issued nothing here. The certificate is for
# 127.0.0.1 and directory.test.
set -eu

usage="usage: slapd.sh start|stop DIR [PORT]"
action=${1:?$usage}
dir=${2:?$usage}
here=$(cd "$(dirname "$0")" && pwd)
sample=$here/../directory
program=$(command -v slapd || echo /usr/sbin/slapd)
[ -x "$program" ] || { echo "slapd.sh: slapd is not installed (apt: slapd ldap-utils)" >&2; exit 1; }

make_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" \
        -addext keyUsage=critical,keyCertSign -keyout "$dir/$1.key" -out "$dir/$1.pem" 2>/dev/null
}

make_certificates() {
    make_authority ca
    make_authority other
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=directory.test \
        -keyout "$dir/server.key" -out "$dir/server.csr" 2>/dev/null
    echo "subjectAltName=IP:127.0.0.1,DNS:directory.test" >"$dir/server.ext"
    openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days 30 -CAcreateserial \
        -extfile "$dir/server.ext" -out "$dir/server.pem" 2>/dev/null
}

as_root_of_tree() {
    tool=$1
    shift
    LDAPTLS_CACERT=$dir/ca.pem "$tool" -H "$ldaps" -D cn=root,dc=hrss,dc=example -w root-of-the-test-tree "$@" \
        >>"$dir/load.log" 2>&1
}

is_up() {
    LDAPTLS_CACERT=$dir/ca.pem ldapsearch -H "$ldaps" -x -b "" -s base >/dev/null 2>&1
}

wait_until_up() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
        ! is_up || return 0
        sleep 0.2
    done
    echo "slapd.sh: slapd did not start" >&2
    cat "$dir/slapd.log" >&2
    return 1
}

start() {
    mkdir -p "$dir/data"
    dir=$(cd "$dir" && pwd)
    make_certificates
    sed "s|@DIR@|$dir|g" "$sample/slapd.conf" >"$dir/slapd.conf"
    port=${1:-$("$here/free_port.pl")}
    ldaps=ldaps://127.0.0.1:$port
    ldap=ldap://127.0.0.1:$("$here/free_port.pl")
    # Under its own path a profile of AppArmor would keep it from these files.
    cp "$program" "$dir/slapd"
    "$dir/slapd" -f "$dir/slapd.conf" -h "$ldaps/ $ldap/" -d none >"$dir/slapd.log" 2>&1 &
    wait_until_up
    as_root_of_tree ldapadd -M -f "$sample/tree.ldif"
    as_root_of_tree ldapmodify -e relax -f "$sample/state.ldif"
    echo "$ldaps $ldap $dir/ca.pem"
}

stop() {
    [ -d "$dir" ] || return 0
    if [ -f "$dir/slapd.pid" ]; then
        pid=$(cat "$dir/slapd.pid")
        kill "$pid" 2>/dev/null || true
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    fi
    rm -rf "$dir"
}

case $action in
start) start "${3:-}" ;;
stop) stop ;;
*) echo "$usage" >&2; exit 2 ;;
esac
