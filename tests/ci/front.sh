# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034 # $nobody and $failures are for the caller
# For tests of a front's configuration: certificates, two nodes that say what they were sent, and what every front must do.
# The caller starts its front at $plain and $tls before the nodes at $upstream and $other, and calls the functions below.
set -euo pipefail
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
pids=()
stop() {
    for pid in "${pids[@]}"; do
        if kill "$pid"; then wait "$pid" || true; fi
    done 2>/dev/null
    rm -rf "$work"
}
trap stop EXIT

free_port=$(dirname "$0")/free_port.pl
plain=$("$free_port") tls=$("$free_port") upstream=$("$free_port") other=$("$free_port") nobody=$("$free_port")

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=login.example.gov.cn \
    -addext subjectAltName=DNS:login.example.gov.cn -keyout "$work/login.key" -out "$work/house.pem" 2>/dev/null

# nginx_run NAME: nginx with the server blocks that come on standard input.
nginx_run() {
    mkdir "$work/$1"
    {
        cat <<TEXT
pid $work/$1/pid;
error_log $work/$1/error.log;
daemon off;
master_process off;
worker_processes 1;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $work/$1/body;
    proxy_temp_path $work/$1/proxy;
    fastcgi_temp_path $work/$1/fastcgi;
    uwsgi_temp_path $work/$1/uwsgi;
    scgi_temp_path $work/$1/scgi;
TEXT
        cat
        echo '}'
    } >"$work/$1/nginx.conf"
    nginx -t -q -c "$work/$1/nginx.conf" 2>"$work/$1/said" || { cat "$work/$1/said"; exit 1; }
    nginx -c "$work/$1/nginx.conf" 2>"$work/$1/said" &
    pids+=($!)
}

# The largest head that a node can send, and room for the largest that it takes.
nodes_run() {
    nginx_run nodes <<TEXT
    log_format node "\$server_port \$request_method \$uri \$request_length";
    map "" \$kilobyte { default "$(head -c 1000 /dev/zero | tr '\0' s)"; }
    large_client_header_buffers 4 32k;
    server {
        listen 127.0.0.1:$upstream ssl;
        listen 127.0.0.1:$other ssl;
        ssl_certificate $work/house.pem;
        ssl_certificate_key $work/login.key;
        access_log $work/nodes.log node;
        location /deadly { return 444; }
        location /large { return 303 "https://a.example/?state=$(printf '$kilobyte%.0s' $(seq 30))"; }
        location / { return 200 "host=\$http_host for=\$http_x_forwarded_for proto=\$http_x_forwarded_proto forwarded=\$http_forwarded uri=\$request_uri\n"; }
    }
TEXT
}

front=https://login.example.gov.cn:$tls
ask() {
    curl -sS --noproxy '*' --max-time 5 --cacert "$work/house.pem" \
        --resolve "login.example.gov.cn:$tls:127.0.0.1" "$@"
}
status() {
    ask -o /dev/null -w '%{http_code}' "$@"
}
# Never asked twice by curl itself.
once() {
    curl -sS --noproxy '*' --max-time 5 --cacert "$work/house.pem" --resolve "login.example.gov.cn:$tls:127.0.0.1" \
        -o "$work/answer" -w '%{http_code}' "$@"
}
# front_up PID: it answers, or the test ends.
front_up() {
    for _ in $(seq 100); do
        [ "$(once "$front/up" 2>/dev/null)" = 200 ] && return
        kill -0 "$1" || { echo "the front did not start"; exit 1; }
        sleep 0.1
    done
    echo "the front does not answer"
    exit 1
}
failures=0
expect() {
    [ "$2" = "$3" ] || { echo "$1: got '$2', not '$3'"; failures=1; }
}
letters() {
    head -c "$1" /dev/zero | tr '\0' a
}
seen() {
    grep -c " $1 " "$work/nodes.log" || true
}
raw() {
    printf '%b' "$1" | timeout 10 openssl s_client -quiet -ign_eof -connect "127.0.0.1:$tls" 2>/dev/null
}
raw_status() {
    raw "$1" | head -n 1 | cut -d ' ' -f 2
}
head='Host: login.example.gov.cn\r\nConnection: close\r\n'

front_hands_on_what_it_should() {
    expect "what a client claims of itself is dropped" \
        "$(ask -H 'X-Forwarded-For: 9.9.9.9' -H 'X-Forwarded-For: 8.8.8.8' -H 'X-Forwarded-Proto: http' -H 'Forwarded: for=9.9.9.9' "$front/a?b=c%20d" | sed 's/:[0-9]* for/ for/')" \
        "host=login.example.gov.cn for=127.0.0.1 proto= forwarded= uri=/a?b=c%20d"
    expect "metrics stay inside" "$(status "$front/metrics")" 404
    expect "administration stays inside" "$(status "$front/admin/x")" 404
    expect "plain http leads to https" \
        "$(ask -o /dev/null -w '%{http_code} %{redirect_url}' "http://127.0.0.1:$plain/x?y=1")" \
        "308 https://login.example.gov.cn/x?y=1"
    for _ in 1 2 3 4 5 6; do
        expect "a node that is not there is passed over" "$(once -d a=1 "$front/oauth2/token")" 200
    done
}

# What our own gate takes arrives (gate.h), and the largest head of ours comes back.
front_has_our_limits() {
    letters 65536 >"$work/body"
    letters 70000 >"$work/large"
    expect "the largest answer gets through" "$(status "$front/large")" 303
    expect "the largest address gets through" "$(status "$front/$(letters 12287)")" 200
    expect "the largest cookies get through" "$(status -H "Cookie: a=$(letters 12000)" "$front/x")" 200
    expect "an address and headers as large as both may be" \
        "$(status -H "Cookie: a=$(letters 8000)" -H "X-Other: $(letters 8000)" "$front/$(letters 12287)")" 200
    expect "the largest body gets through" "$(status --data-binary "@$work/body" "$front/oauth2/token")" 200
    expect "a large body ends here" "$(status --data-binary "@$work/large" "$front/oauth2/token")" 413
}

# What libmicrohttpd reads in a way of its own is refused here, or arrives in the one way that all agree on.
front_reads_strictly() {
    expect "a NUL in the request line" "$(raw_status "GET /nul_line\\0a HTTP/1.1\r\n$head\r\n")" 400
    expect "a NUL in a value" "$(raw_status "GET /nul_value HTTP/1.1\r\n${head}X-A: a\\0b\r\n\r\n")" 400
    expect "no NUL reaches a node" "$(grep -c /nul "$work/nodes.log" || true)" 0
    expect "lines that end in LF alone are one request" \
        "$(raw "GET /lf HTTP/1.1\nHost: login.example.gov.cn\nConnection: close\n\n" | tail -n 1)" \
        "host=login.example.gov.cn for=127.0.0.1 proto= forwarded= uri=/lf"
    expect "and reach one node" "$(seen /lf)" 1
    {
        printf '%b' "POST /chunks HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n3;x="
        letters 1000000
        printf '\r\na=1\r\n0\r\n\r\n'
    } >"$work/chunks"
}
# What is answered to a request with an extension of a chunk of 1 MB.
chunks_status() {
    timeout 10 openssl s_client -quiet -ign_eof -connect "127.0.0.1:$tls" <"$work/chunks" 2>/dev/null | head -n 1 | cut -d ' ' -f 2
}

# Last, for a front spares a node that has failed for a while.
front_sends_nothing_twice() {
    for method in GET POST; do
        expect "a $method that kills a node is answered" "$(once -X $method "$front/deadly/$method")" 502
        expect "a $method that kills a node reaches one node" "$(seen "/deadly/$method")" 1
    done
}
