#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Measures the release build (./dev bench makes it) beside npm's oidc-provider: run.sh [--quick | --seconds N]. Core 0 serves, core 1
# asks; everything on 127.0.0.1, in temporary folders. The table goes to build/bench/latest.md too. Judges nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d -t tongxing-bench.XXXXXX)
chmod 755 "$work" # PostgreSQL runs as somebody else
stop() {
    tests/ci/postgres.sh stop "$work/postgres" || true
    rm -rf "$work"
}
trap stop EXIT

[ "$(nproc)" -ge 2 ] || { echo "bench: two cores are needed" >&2; exit 1; }
mkdir -p build/bench "$work/plans"
(cd tests/bench && npm ci --no-audit --no-fund --silent)
BENCH_POSTGRES=$(tests/ci/postgres.sh start "$work/postgres")
BENCH_POSTGRES_PID=$(head -n 1 "$work/postgres/data/postmaster.pid")
export BENCH_POSTGRES BENCH_POSTGRES_PID BENCH_DIR="$work/plans" TONGXING_BUILD="$PWD/build/release"
export NODE_NO_WARNINGS=1
node tests/bench/bench.mjs --out build/bench/latest.md "$@"
