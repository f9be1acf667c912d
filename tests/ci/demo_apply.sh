#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# demo_apply.sh DATA: makes the registered partners those of the demo's folder: its own two and the applications that
# somebody registered on the first page. While the service runs, it is the service that does it.
set -euo pipefail
cd "$(dirname "$0")/../.."

data=$1
build=${DEMO_BUILD:-$PWD/build/release}
file=$data/partners.json

between=
umask 077
{
    printf '{ "partners": [\n'
    for partner in "$data"/partners/*.json "$data"/apps/*.json; do
        [ -e "$partner" ] || continue
        printf '%s' "$between"
        cat "$partner"
        between=,
    done
    printf '] }\n'
} >"$file"
exec "$build/tongxing" partner apply "$file" --config "$data/tongxing.conf"
