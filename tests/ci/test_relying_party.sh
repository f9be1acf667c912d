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

cmake -S keys/relying_party -B "$work/build" -DCMAKE_INSTALL_LIBDIR=lib >"$work/log" &&
    cmake --build "$work/build" -j2 >>"$work/log" && cmake --install "$work/build" --prefix "$work/there" >>"$work/log" ||
    { cat "$work/log"; exit 1; }
lib=$work/there/lib

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
(cd "$work" && cc -Wall -Wextra -Werror example.c -o shared $(pkg-config --cflags --libs tongxing-rp libcurl) &&
    cc -Wall -Wextra -Werror example.c -o static $(pkg-config --cflags tongxing-rp) "$lib/libtongxing-rp.a" \
        $(pkg-config --libs libcurl libcrypto jansson) -pthread &&
    echo '#include <tongxing_rp.h>' | clang-14 -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only $(pkg-config --cflags tongxing-rp) -)
for form in shared static; do
    said=$(LD_LIBRARY_PATH=$lib "$work/$form" https://login.example.gov.cn http://127.0.0.1:9/keys me id no.token.here || true)
    expect "what the $form example says of no token" "$said" "This is no signed token; refuse it."
done
[ $failures -eq 0 ] && echo "the validation kit stands on its own"
