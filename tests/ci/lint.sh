#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# House rules that the compiler does not hold. Usage: lint.sh [source] [headers] [format] [shell] [tidy]; all when none is named.
# Every finding is one line "file:line: rule: words". Tables: layers.txt, banned.txt, mirrors.txt, headers.txt; .clang-format; .clang-tidy.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
root=$PWD

# Tracked files, and new ones that are about to be.
files() {
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
        [ -e "$file" ] && printf '%s\n' "$file"
    done | sort -u
}

rule_source() {
    files | perl tests/ci/source_rules.pl || echo "tests/ci/source_rules.pl:1: lint: did not come to its end"
    files '*.md' | perl tests/ci/translation_rules.pl || echo "tests/ci/translation_rules.pl:1: lint: did not come to its end"
}

# A header that needs another one included first is a trap for whoever includes it next.
compile_header() {
    # shellcheck disable=SC2086 # a list of words
    gcc -std=c17 -D_GNU_SOURCE -Wall -Wextra -fsyntax-only -I. $LIBRARY_FLAGS -include "$1" -x c /dev/null 2>&1 |
        sed -n -E "s|^[^ ]+:[0-9]+:[0-9]+: (fatal )?[a-z]+: (.*)|$1:1: header: does not compile alone: \2|p" | head -1
}

rule_headers() {
    LIBRARY_FLAGS=$(pkg-config --cflags openssl libsodium jansson libjwt sqlite3 libpq libcurl ldap lber libmicrohttpd gnutls libqrencode cmocka)
    export LIBRARY_FLAGS
    export -f compile_header
    files '*.h' | xargs -r -P2 -I{} bash -c 'compile_header {}'
}

rule_format() {
    files '*.c' '*.h' | xargs -r -P2 -n4 clang-format-14 --dry-run 2>&1 |
        sed -n -E 's|^([^ :]+:[0-9]+):[0-9]+: warning: .*|\1: format: clang-format-14 -i would change it|p' |
        sort -t: -k1,1 -u
}

# .shellcheckrc says what is no fault here.
rule_shell() {
    files | xargs -r -d '\n' grep -lE '^(#!/bin/(ba)?sh|# shellcheck shell)' | xargs -r -P2 -n4 shellcheck --format=gcc |
        sed -n -E 's/^([^:]+:[0-9]+):[0-9]+: [a-z]+: (.*)$/\1: shell: \2/p' | sort -u
}

rule_tidy() {
    local database=build/dev/compile_commands.json
    cmake --preset dev >/dev/null || echo "CMakeLists.txt:1: tidy: the preset dev cannot be configured"
    sed -n -E "s|^ *\"file\": \"$root/(.*\.c)\",?$|\1|p" "$database" | grep -v '^build/' | sort -u |
        xargs -r -P2 -n2 clang-tidy-14 -p build/dev --quiet 2>/dev/null |
        sed -n -E "s|^$root/([^ :]+:[0-9]+):[0-9]+: [a-z]+: (.*) \[([^], ]+).*\]$|\1: \3: \2|p" | sort -u
}

findings=$(mktemp)
trap 'rm -f "$findings"' EXIT
[ $# -gt 0 ] || set -- source headers format shell tidy
for rule in "$@"; do
    declare -F "rule_$rule" >/dev/null || { echo "lint: no rule is called $rule" >&2; exit 2; }
    "rule_$rule" | tee -a "$findings"
done
count=$(wc -l <"$findings")
echo "lint: $count findings"
[ "$count" -eq 0 ]
