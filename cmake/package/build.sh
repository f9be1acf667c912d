#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Packs what is built: OUT/tongxing_VERSION_ARCHITECTURE.deb, of PROGRAM and this tree. OUT is made anew.
set -euo pipefail
usage="usage: build.sh PROGRAM OUT [VERSION]"
program=$(realpath "${1:?$usage}")
out=$(realpath -m "${2:?$usage}")
version=${3:-$("$program" version | sed -n 's/^tongxing //p')}
cd "$(dirname "$0")/../.."
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

stage=$out/tongxing
rm -rf "$out"
mkdir -p "$stage/completion" "$stage/papers"
cp -r cmake/package/debian "$stage/"
cp cmake/package/first-start "$stage/"
cp "$program" "$stage/tongxing"
cat >"$stage/debian/changelog" <<TEXT
tongxing ($version) unstable; urgency=medium

  * CHANGELOG.md beside this file has the changes.

 -- $(sed -n 's/^Maintainer: //p' cmake/package/debian/control)  $(date -u -R -d "@$epoch")
TEXT

# What the program writes itself is never out of step with it.
"$program" docs man >"$stage/tongxing.8"
"$program" docs completion >"$stage/completion/tongxing"
"$program" config template >"$stage/tongxing.conf"
cp -r docs "$stage/papers/docs"
cp CHANGELOG.md README.md README.zh-CN.md "$stage/papers/"

cd "$stage"
SOURCE_DATE_EPOCH=$epoch dpkg-buildpackage -b -us -uc >../build.log 2>&1 || { tail -30 ../build.log >&2; exit 1; }
