#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs docs/nginx.conf.example as it stands, on loopback, before nodes that say what they were sent.
cd "$(dirname "$0")/../.."
. tests/ci/front.sh
nodes_run
cp "$work/house.pem" "$work/login.pem"
sed -e "s|10.0.0.11:9443|127.0.0.1:$upstream|" -e "s|10.0.0.12:9443|127.0.0.1:$other|" \
    -e "s|keepalive 64;|server 127.0.0.1:$nobody; &|" -e "s|/etc/nginx/tls|$work|" \
    -e "s|listen 80;|listen 127.0.0.1:$plain;|" -e "s|listen 443 ssl;|listen 127.0.0.1:$tls ssl;|" \
    docs/nginx.conf.example >"$work/front.conf"
nginx_run front <"$work/front.conf"
front_up "${pids[-1]}"

front_hands_on_what_it_should
front_has_our_limits
front_reads_strictly
expect "a line that goes on in the next" \
    "$(raw_status "GET /fold HTTP/1.1\r\n${head}X-Forwarded-For: 9.9.9.9\r\n , 8.8.8.8\r\n\r\n")" 400
expect "what is no request is refused once" "$(raw 'NONSENSE\r\n\r\n' | grep -ac '<title>400')" 1
expect "an extension of a chunk stays here" "$(chunks_status)" 200
expect "and its chunk arrives with its length" "$(awk '$3 == "/chunks" && $4 < 1000' "$work/nodes.log" | wc -l)" 1
front_sends_nothing_twice
[ $failures -eq 0 ] && echo "the front configuration holds"
