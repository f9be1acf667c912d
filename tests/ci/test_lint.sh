#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A lint that finds nothing may be broken. This one is given a small tree with one of each fault and must name them all.
set -euo pipefail
cd "$(dirname "$0")/../.."
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

mkdir -p "$tree"/{tests/ci,tests/sims,idp/base,idp/store/schema,idp/tables,keys,policies,protocols/http}
cp tests/ci/{lint.sh,source_rules.pl,translation_rules.pl,layers.txt,banned.txt} "$tree/tests/ci/"
cp .clang-format .clang-tidy CMakePresets.json "$tree/"
cd "$tree"
git init -q
printf '# none\n' >tests/ci/mirrors.txt
printf 'clean | tests: it is clean\nkey | issue 9: it is not written yet\nwide | later\n' >tests/ci/callerless.txt
cat >CMakeLists.txt <<'TEXT'
cmake_minimum_required(VERSION 3.25)
project(faults C)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
include_directories(${CMAKE_SOURCE_DIR})
add_library(faults policies/long.c)
TEXT

licence='/* SPDX-License-Identifier: Apache-2.0 */'
cat >idp/base/clean.h <<TEXT
$licence
#ifndef IDP_BASE_CLEAN_H
#define IDP_BASE_CLEAN_H

int clean(void);

#endif
TEXT
cat >idp/base/clean.c <<TEXT
$licence
/* strcpy() in a comment and "time()" in prose are no calls. */
#include "idp/base/clean.h"

int
clean(void)
{
    return sizeof("memcmp(") != 0;
}
TEXT
mkdir -p tests/base
printf '%s\n' "$licence" >tests/base/test_clean.c
printf 'PROBLEM(never_seen, 400, "x", "y", "z")\n' >idp/base/problem.def
cat >policies/up.c <<TEXT
$licence
#include "keys/key.h"
#include "nowhere.h"
#include <jwt.h>
/* TO""DO: later */
int
up(char *a, const char *b)
{
    strcpy(a, b);
    return time(0) != 0;
}
TEXT
sed -i 's/TO""DO/TO\x44O/' policies/up.c
cat >keys/key.h <<TEXT
$licence
#ifndef WRONG_H
#define WRONG_H
#include "idp/store/store.h"
int key(size_t size);
#endif
TEXT
printf '#include "keys/key.h"\n' >idp/store/store.h
cat >idp/tables/person.c <<TEXT
$licence
static const char sql[] = "INSERT INTO person (id) VALUES (?) "
                          "ON CONFLICT DO NOTHING";
static const char when[] = "UPDATE person SET at = now() WHERE id = \$1";
enum err
bounded(struct store *st)
{
    static const char sql[] = "SELECT id FROM person LIMIT 10";
    return rows_read(st, (struct query) { sql }, 0);
}
enum err
unbounded(struct store *st)
{
    static const char sql[] = "SELECT id "
                              "FROM person";
    return rows_read(st, (struct query) { sql }, 0);
}
static enum err
list(struct store *st, const char *sql)
{
    return rows_read(st, (struct query) { sql }, 0);
}
enum err
unbounded_too(struct store *st)
{
    return list(st, "SELECT id FROM person");
}
enum err
one_by_one(struct store *st)
{
    return store_run(st, &(struct query) { .sql = "SELECT id FROM person", .each = see });
}
TEXT
cat >idp/store/schema/0001_first.sql <<'TEXT'
CREATE TABLE person (
    id SERIAL,
    born DATE NOT NULL
);
TEXT
cat >idp/store/schema/0004_adds.sql <<'TEXT'
-- additive
-- DROP TABLE in a comment is none.
CREATE TABLE more (
    id TEXT PRIMARY KEY
);
CREATE INDEX more_id ON more (id);
DROP INDEX more_id;
ALTER TABLE more ADD COLUMN born BIGINT NOT NULL DEFAULT 0;
UPDATE more SET born = 1;
INSERT INTO more (id) VALUES ('x');
ALTER TABLE more ADD COLUMN name TEXT NOT NULL;
ALTER TABLE more DROP COLUMN born;
CREATE UNIQUE INDEX more_name ON more (name);
DELETE FROM more;
DROP TABLE more;
TEXT
echo 'DROP TABLE more;' >idp/store/schema/0005_unmarked.sql
echo 'DROP TABLE more;' >idp/store/schema/0006_reasoned.sql
mkdir -p docs/adr
echo 'Why 0006_reasoned.sql removes it.' >docs/adr/0001-reasons.md
printf '%s\n#include "keys/key.h"\n' "$licence" >tests/sims/bank_sim.c
{ echo "$licence" && printf '/* */\n%.0s' {1..500}; } >protocols/http/large.c
printf '%s\nint   badly_formed(void);\n' "$licence" >policies/form.h
printf '%s\nint wide(int a, int b, int c, int d, int e, int f, int g);\nint\nwide(int a, int b, int c, int d, int e, int f, int g)\n{\n    return a + b + c + d + e + f + g;\n}\n' \
    "$licence" >policies/long.c
printf '%s\nstruct thing {\n    int x;\n};\nint\nmeant(void)\n{\n    return 0;\n}\n' "$licence" >keys/meant.c
printf '%s\nenum thing { NONE };\nstatic int\nmeant(void)\n{\n    return 0;\n}\n' "$licence" >policies/meant.c
printf '%s\nstruct thing {\n    int y;\n};\nstatic int\nup(void)\n{\n    return 0;\n}\n' "$licence" >policies/thing.c
printf '%s\ntypedef struct {\n    int x;\n} paste_t;\n#define WORD(a) join_##a\n#define LINE(symbol, ...) LINE_##symbol,\n' \
    "$licence" >policies/habits.h
printf '%s\nendpoint_none(struct request *rq)\n' "$licence" >protocols/http/none.c
printf '%s\n/* GET /one: it is one. */\nendpoint_one(struct request *rq)\n' "$licence" >protocols/http/one.c
printf 'idp/gone | idp/gone.h | b\n' >tests/ci/headers.txt
mkdir -p docs
printf '| ZZ-01 | a | b | `tests/base/test_clean.c` |\n| ZZ-02 | a | b | |\n' >docs/attacks.md
printf 'ZZ-01 and ZZ-03\nas design 4 says\n' >cites.md
printf '`clean()` and `nowhere_said()`\n' >docs/says.md
printf '```layers\nidp/base\n```\n' >docs/architecture.md
printf '{ "resolved": "x" }\n' >package-lock.json
printf '#!/bin/sh\n# %s\nrm -r $1\n' "${licence:3:-3}" >tests/ci/faulty
printf 'see /%s/notes\n`keys/gone.c` and [this](gone.md), not `keys/NAME.c`\n' work >notes.md
cat >docs/two.md <<'TEXT'
# Two
[中文](two.zh-CN.md) · [below](#same)
```
first
```
## Same
`one` and `two`, for 300 s, see [says](says.md) and [above](#two)
- an item
```
second
```
## Wrong
`one` and `two`, for 300 s, see [says](says.md) and [above](#two)
- an item
```
second
```
## Deep
TEXT
cat >docs/two.zh-CN.md <<'TEXT'
# 二
[English](two.md) · [下文](#相同)
```
first
```
## 相同
300 s 之内 `two` 与 `one`，见[上文](#二)和[说明](says.md)
- 一项
```
second
```
## 错误
30 s 之内 `one`，见[上文](#错误)和[说明](two.md)
- 一项
- 又一项
```
other
```
### 层次
TEXT
printf '# One
' >docs/one.md
printf '# 一
## 多余
' >docs/one.zh-CN.md
printf '# 无
' >docs/none.zh-CN.md

found=$(bash tests/ci/lint.sh 2>&1) && { echo "a tree full of faults passed"; exit 1; }
missing=0
while read -r wanted; do
    grep -qE -- "$wanted" <<<"$found" || { echo "not found: $wanted"; missing=1; }
done <<'TEXT'
^policies/up.c:2: layer: policies may not include keys/key.h
^policies/up.c:3: include:
^policies/up.c:4: banned: <jwt.h>
^policies/up.c:5: promise:
^policies/up.c:9: banned: strcpy\(
^policies/up.c:10: banned: time\(
^idp/tables/person.c:6: caller: nothing calls bounded
^tests/ci/callerless.txt:1: caller: key is gone
^tests/ci/callerless.txt:1: caller: wide: name the issue
^policies/up.c:1: mirror: has no test tests/policies/test_up.c
^keys/key.h:1: guard:
^keys/key.h:4: layer: keys may not include idp/store/store.h
^keys/key.h:1: header:
^idp/store/store.h:1: loop:|^keys/key.h:1: loop:
^idp/store/store.h:1: licence:
^idp/tables/person.c:2: sql: uses a dialect's upsert
^idp/tables/person.c:2: sql: parameters are numbered
^idp/tables/person.c:4: sql: uses the database's own clock
^idp/tables/person.c:14: sql: a list without LIMIT
^idp/tables/person.c:26: sql: a list without LIMIT
^idp/tables/person.c:31: sql: a list without LIMIT
^idp/store/schema/0001_first.sql:2: sql: column id is SERIAL
^idp/store/schema/0001_first.sql:3: sql: column born is DATE
^idp/store/schema/0001_first.sql:4: sql: table person has no primary key
^idp/store/schema/0004_adds.sql:11: sql: does more than add
^idp/store/schema/0004_adds.sql:12: sql: does more than add
^idp/store/schema/0004_adds.sql:13: sql: does more than add
^idp/store/schema/0004_adds.sql:14: sql: does more than add
^idp/store/schema/0004_adds.sql:15: sql: does more than add
^idp/store/schema/0005_unmarked.sql:1: sql: neither
^tests/sims/bank_sim.c:2: layer: tests/sims may include only tests/sims idp/base
^protocols/http/large.c:501: size:
^policies/form.h:2: format:
^policies/long.c:[0-9]+: readability-function-size
^idp/base/problem.def:1: provoked: no test provokes never_seen
^policies/meant.c:4: name: meant\(\) has another meaning in keys/meant.c
^policies/thing.c:2: name: struct thing has another meaning in keys/meant.c
^keys/meant.c:6: own header: meant is not declared in keys/meant.h
^tests/ci/headers.txt:1: own header: idp/gone is gone
^policies/up.c:7: name: up\(\) has another meaning in policies/thing.c
^docs/attacks.md:2: attack: a row without the test
^cites.md:1: attack: ZZ-03 is no row
^cites.md:2: attack: cites design 4
^docs/says.md:1: reference: nowhere_said\(\) is in no source
^docs/architecture.md:1: picture: row 1 of the layers
^package-lock.json:1: place:
^tests/ci/faulty:3: shell: Double quote
^notes.md:1: place:
^notes.md:2: reference: keys/gone.c
^notes.md:2: reference: gone.md
^policies/habits.h:2: typedef:
^policies/habits.h:5: paste:
^protocols/http/none.c:2: endpoint:
^docs/two.zh-CN.md:12: translation: "错误", in docs/two.md "Wrong": code block 1 is another one
^docs/two.zh-CN.md:12: translation: .*: 2 table rows and list items, not 1
^docs/two.zh-CN.md:12: translation: .*: links, more: to heading 3, two.md; less: says.md, to heading 1
^docs/two.zh-CN.md:12: translation: .*: inline code, less: two
^docs/two.zh-CN.md:12: translation: .*: numbers, more: 30; less: 300
^docs/two.zh-CN.md:19: translation: "层次" stands where docs/two.md has "Deep", of another level
^docs/one.zh-CN.md:1: translation: its first lines do not link to one.md
^docs/one.md:1: translation: its first lines do not link to one.zh-CN.md
^docs/one.zh-CN.md:2: translation: "多余" is no section of docs/one.md
^docs/none.zh-CN.md:1: translation: docs/none.md is not there
TEXT
grep -e '^idp/base/clean' -e 'NAME' -e 'reference: clean()' -e 'attack: ZZ-01' -e 'name: enum thing' \
    -e '^idp/tables/person.c:[248]: sql: a list' -e '0004_adds.sql:[0-9]:' -e '0006_reasoned' -e 'two.zh-CN.md:[16]:' -e 'habits.h:6: paste' -e '/one.c:2: endpoint' <<<"$found" &&
    { echo "a clean file was accused"; missing=1; }
[ $missing -eq 0 ] || { echo "$found"; exit 1; }
echo "every fault was named"
