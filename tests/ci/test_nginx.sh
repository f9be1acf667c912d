#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs docs/nginx.conf.example as it stands, on loopback, before an upstream that says what it was sent.
set -euo pipefail
cd "$(dirname "$0")/../.."
example=$PWD/docs/nginx.conf.example
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
pid=
stop() {
    [ -z "$pid" ] || { kill "$pid" && wait "$pid" || true; } 2>/dev/null
    rm -rf "$work"
}
trap stop EXIT

free_port() {
    perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(0, INADDR_LOOPBACK)) or die;
                      print +(sockaddr_in(getsockname(S)))[0]'
}
plain=$(free_port) tls=$(free_port) upstream=$(free_port) other=$(free_port) nobody=$(free_port)

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=login.example.gov.cn \
    -addext subjectAltName=DNS:login.example.gov.cn -keyout "$work/login.key" -out "$work/login.pem" 2>/dev/null
cp "$work/login.pem" "$work/house.pem"
sed -e "s|10.0.0.11:9443|127.0.0.1:$upstream|" -e "s|10.0.0.12:9443|127.0.0.1:$other|" \
    -e "s|keepalive 64;|server 127.0.0.1:$nobody; &|" -e "s|/etc/nginx/tls|$work|" \
    -e "s|listen 80;|listen 127.0.0.1:$plain;|" -e "s|listen 443 ssl;|listen 127.0.0.1:$tls ssl;|" \
    "$example" >"$work/front.conf"
cat >"$work/nginx.conf" <<TEXT
pid $work/pid;
error_log $work/error.log;
daemon off;
master_process off;
worker_processes 1;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    include $work/front.conf;
    log_format node "\$server_port \$request_method \$uri \$request_length";
    map "" \$kilobyte { default "$(head -c 1000 /dev/zero | tr '\0' s)"; }
    server {
        listen 127.0.0.1:$upstream ssl;
        listen 127.0.0.1:$other ssl;
        ssl_certificate $work/login.pem;
        ssl_certificate_key $work/login.key;
        access_log $work/nodes.log node;
        location /deadly { return 444; }
        location /large { return 303 "https://a.example/?state=$(printf '$kilobyte%.0s' $(seq 30))"; }
        location / { return 200 "host=\$http_host for=\$http_x_forwarded_for proto=\$http_x_forwarded_proto forwarded=\$http_forwarded uri=\$request_uri\n"; }
    }
}
TEXT
nginx -t -q -c "$work/nginx.conf" 2>"$work/said" || { cat "$work/said"; exit 1; }
nginx -c "$work/nginx.conf" 2>"$work/said" &
pid=$!

ask() {
    curl -sS --noproxy '*' --max-time 5 --retry 20 --retry-connrefused --retry-delay 1 --cacert "$work/login.pem" \
        --resolve "login.example.gov.cn:$tls:127.0.0.1" "$@"
}
status() {
    ask -o /dev/null -w '%{http_code}' "$@"
}
# Never asked twice by curl itself.
once() {
    curl -sS --noproxy '*' --max-time 5 --cacert "$work/login.pem" --resolve "login.example.gov.cn:$tls:127.0.0.1" \
        -o "$work/answer" -w '%{http_code}' "$@"
}
front=https://login.example.gov.cn:$tls
failures=0
expect() {
    [ "$2" = "$3" ] || { echo "$1: got '$2', not '$3'"; failures=1; }
}

expect "what a client claims of itself is dropped" \
    "$(ask -H 'X-Forwarded-For: 9.9.9.9' -H 'X-Forwarded-Proto: http' -H 'Forwarded: for=9.9.9.9' "$front/a?b=c%20d")" \
    "host=login.example.gov.cn for=127.0.0.1 proto= forwarded= uri=/a?b=c%20d"
expect "metrics stay inside" "$(status "$front/metrics")" 404
expect "administration stays inside" "$(status "$front/admin/x")" 404
head -c 70000 /dev/zero >"$work/large"
expect "a large body ends here" "$(status --data-binary "@$work/large" "$front/oauth2/token")" 413
expect "plain http leads to https" \
    "$(ask -o /dev/null -w '%{http_code} %{redirect_url}' "http://127.0.0.1:$plain/x?y=1")" \
    "308 https://login.example.gov.cn/x?y=1"
seen() {
    grep -c " $1 " "$work/nodes.log" || true
}
expect "the largest answer gets through" "$(status "$front/large")" 303
for _ in 1 2 3 4 5 6; do
    expect "a node that is not there is passed over" "$(once -d a=1 "$front/oauth2/token")" 200
done
# What libmicrohttpd reads in a way of its own is refused here, or arrives in the one way that all agree on.
raw() {
    printf "$1" | timeout 10 openssl s_client -quiet -ign_eof -connect "127.0.0.1:$tls" 2>/dev/null
}
raw_status() {
    raw "$1" | head -n 1 | cut -d ' ' -f 2
}
head='Host: login.example.gov.cn\r\nConnection: close\r\n'
expect "a NUL in the request line" "$(raw_status "GET /nul\\0a HTTP/1.1\r\n$head\r\n")" 400
expect "a NUL in a value" "$(raw_status "GET /nul HTTP/1.1\r\n${head}X-A: a\\0b\r\n\r\n")" 400
expect "no NUL reaches a node" "$(grep -c /nul "$work/nodes.log" || true)" 0
expect "a line that goes on in the next" \
    "$(raw_status "GET /fold HTTP/1.1\r\n${head}X-Forwarded-For: 9.9.9.9\r\n , 8.8.8.8\r\n\r\n")" 400
expect "lines that end in LF alone are one request" \
    "$(raw "GET /lf HTTP/1.1\nHost: login.example.gov.cn\nConnection: close\n\n" | tail -n 1)" \
    "host=login.example.gov.cn for=127.0.0.1 proto= forwarded= uri=/lf"
expect "and reach one node" "$(seen /lf)" 1
expect "what is no request is refused once" "$(raw 'NONSENSE\r\n\r\n' | grep -ac '<title>400')" 1
{
    printf "POST /chunks HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n3;x="
    head -c 1000000 /dev/zero | tr '\0' x
    printf '\r\na=1\r\n0\r\n\r\n'
} >"$work/chunks"
expect "an extension of a chunk stays here" \
    "$(timeout 10 openssl s_client -quiet -ign_eof -connect "127.0.0.1:$tls" <"$work/chunks" 2>/dev/null | head -n 1 | cut -d ' ' -f 2)" 200
expect "and its chunk arrives with its length" "$(awk '$3 == "/chunks" && $4 < 1000' "$work/nodes.log" | wc -l)" 1
# Last, for nginx spares a node that has failed for a while.
for method in GET POST; do
    expect "a $method that kills a node is answered" "$(once -X $method "$front/deadly/$method")" 502
    expect "a $method that kills a node reaches one node" "$(seen "/deadly/$method")" 1
done
[ $failures -eq 0 ] && echo "the front configuration holds"
