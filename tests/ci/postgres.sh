#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A throw-away PostgreSQL for the tests, with real durability: `start DIR` prints its URL, `stop DIR` ends it and
# removes DIR. The server refuses to run as root, so root runs it as the user postgres.
set -eu

usage="usage: postgres.sh start|stop DIR"
action=${1:?$usage}
dir=${2:?$usage}
bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -t/ -k5 -n | tail -n 1)
[ -n "$bin" ] || { echo "postgres.sh: PostgreSQL is not installed (apt: postgresql)" >&2; exit 1; }

as_owner() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

start() {
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    [ "$(id -u)" != 0 ] || chown postgres "$dir"
    as_owner "$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 --no-instructions >"$dir/initdb.log"
    port=$("$(dirname "$0")/free_port.pl")
    cat >>"$dir/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$dir'
max_connections = 200
fsync = on
synchronous_commit = on
END
    as_owner "$bin/pg_ctl" start --pgdata="$dir/data" --log="$dir/server.log" --timeout=60 --wait --silent
    echo "postgresql://postgres@127.0.0.1:$port/postgres"
}

stop() {
    [ -d "$dir/data" ] || return 0
    dir=$(cd "$dir" && pwd)
    as_owner "$bin/pg_ctl" stop --pgdata="$dir/data" --mode=fast --timeout=60 --silent || true
    rm -rf "$dir"
}

case $action in
start) start ;;
stop) stop ;;
*) echo "$usage" >&2; exit 2 ;;
esac
