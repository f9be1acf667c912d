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
plain=$(free_port) tls=$(free_port) upstream=$(free_port)

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=login.example.gov.cn \
    -addext subjectAltName=DNS:login.example.gov.cn -keyout "$work/login.key" -out "$work/login.pem" 2>/dev/null
cp "$work/login.pem" "$work/house.pem"
sed -e "s|10.0.0.11:9443|127.0.0.1:$upstream|" -e '/10.0.0.12:9443/d' -e "s|/etc/nginx/tls|$work|" \
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
    server {
        listen 127.0.0.1:$upstream ssl;
        ssl_certificate $work/login.pem;
        ssl_certificate_key $work/login.key;
        return 200 "host=\$http_host for=\$http_x_forwarded_for proto=\$http_x_forwarded_proto forwarded=\$http_forwarded uri=\$request_uri\n";
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
[ $failures -eq 0 ] && echo "the front configuration holds"
