#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The validation kit as a partner gets it: built on its own, installed, and the example built against it, shared and static.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d -t tongxing-kit.XXXXXX)
trap 'rm -rf "$work"' EXIT
failures=0

expect() {
    [ "$2" = "$3" ] && return
    echo "test_relying_party: $1: $2, not $3"
    failures=$((failures + 1))
}

if ! (cmake -S keys/relying_party -B "$work/build" -DCMAKE_INSTALL_LIBDIR=lib/of-this-machine &&
    cmake --build "$work/build" -j2 && cmake --install "$work/build" --prefix "$work/there") >"$work/log"; then
    cat "$work/log"
    exit 1
fi
lib=$work/there/lib/of-this-machine

# Only what the header names can be seen from outside, in either form.
public=$(grep -o 'tongxing_rp_[a-z_]*(' keys/relying_party/tongxing_rp.h | grep -v '^tongxing_rp_max_age(); ' | tr -d '(' | sort -u | xargs)
names() { awk 'NF == 3 && $2 ~ /[A-Z]/ && $2 != "U" { print $3 }' | sort -u | xargs; }
expect "names of the shared library" "$(nm -D --defined-only "$lib/libtongxing-rp.so" | names)" "$public"
expect "names of the static library" "$(nm -g --defined-only "$lib/libtongxing-rp.a" | names)" "$public"
expect "libraries that it needs" \
    "$(readelf -d "$lib/libtongxing-rp.so" | sed -n 's/.*(NEEDED).*\[\(lib[a-z]*\).*/\1/p' | sort | xargs)" "libc libcrypto libjansson"

# The example, in a folder that knows nothing of this tree.
cp tests/keys/relying_party/example.c "$work"
export PKG_CONFIG_PATH=$lib/pkgconfig
read -ra here < <(pkg-config --cflags tongxing-rp)
read -ra with_shared < <(pkg-config --cflags --libs tongxing-rp libcurl)
read -ra with_static < <(pkg-config --libs libcurl libcrypto jansson)
(
    cd "$work"
    cc -Wall -Wextra -Werror example.c -o shared "${with_shared[@]}"
    cc -Wall -Wextra -Werror example.c -o static "${here[@]}" "$lib/libtongxing-rp.a" "${with_static[@]}" -pthread
    echo '#include <tongxing_rp.h>' | clang-14 -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only "${here[@]}" -
)
for form in shared static; do
    said=$(LD_LIBRARY_PATH=$lib "$work/$form" https://login.example.gov.cn http://127.0.0.1:9/keys me id no.token.here || true)
    expect "what the $form example says of no token" "$said" "This is no signed token; refuse it."
done

# And the lines of the partner guide.
{
    echo '#include <tongxing_rp.h>'
    echo 'int fetch_keys(void *user, struct tongxing_rp_fetch *fetch); int refuse(int status, const char *why); void serve(const char *sub);'
    echo 'int answer(struct tongxing_rp *rp, const char *bearer);'
    echo 'int answer(struct tongxing_rp *rp, const char *bearer) { struct tongxing_rp_token *token; enum tongxing_rp_result result;'
    sed -n '/^## Applications in C$/,/^## Your stack$/p' docs/partner-guide.md | sed -n '/^```c$/,/^```$/p' | sed '/^```/d'
    echo 'return 0; }'
} >"$work/guide.c"
grep -q tongxing_rp_check_access "$work/guide.c" && cc -Wall -Wextra -Werror -Wno-declaration-after-statement -fsyntax-only "${here[@]}" "$work/guide.c"
[ $failures -eq 0 ] && echo "the validation kit stands on its own"
