#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs docs/haproxy.cfg.example as it stands, on loopback, before nodes that say what they were sent.
cd "$(dirname "$0")/../.."
. tests/ci/front.sh
nodes_run
cat "$work/house.pem" "$work/login.key" >"$work/login.pem"
sed -e "s|10.0.0.11:9443|127.0.0.1:$upstream|" -e "s|10.0.0.12:9443|127.0.0.1:$other|" \
    -e "\$a\\    server node3 127.0.0.1:$nobody no-check" -e "s|/etc/haproxy/tls|$work|" \
    -e "s|bind :80|bind 127.0.0.1:$plain|" -e "s|bind :443|bind 127.0.0.1:$tls|" \
    docs/haproxy.cfg.example >"$work/haproxy.cfg"
haproxy -c -q -f "$work/haproxy.cfg" || exit 1
haproxy -db -f "$work/haproxy.cfg" 2>"$work/said" &
pids+=($!)
front_up "${pids[-1]}"

front_hands_on_what_it_should
front_has_our_limits
front_reads_strictly
expect "a line that goes on in the next is one line, and the address is ours" \
    "$(raw "GET /fold HTTP/1.1\r\n${head}X-Forwarded-For: 9.9.9.9\r\n , 8.8.8.8\r\n\r\n" | tail -n 1)" \
    "host=login.example.gov.cn for=127.0.0.1 proto= forwarded= uri=/fold"
expect "what is no request is refused once" "$(raw 'NONSENSE\r\n\r\n' | grep -ac '^HTTP/1.[01] 400')" 1
expect "a large extension of a chunk ends here" "$(chunks_status)" 400
expect "and reaches no node" "$(seen /chunks)" 0
front_sends_nothing_twice
[ $failures -eq 0 ] && echo "the front configuration holds"
