/* SPDX-License-Identifier: Apache-2.0 */
/* A database of its own for each test of the schema, and what is asked of it. */
#ifndef TESTS_STORE_MIGRATE_KIT_H
#define TESTS_STORE_MIGRATE_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/buf.h"
#include "idp/base/embedded.h"
#include "idp/store/migrate.h"
#include "tests/store_kit.h"

extern const struct embedded_file schema_files[];

struct migrate_kit {
    struct database *db;
    struct store *st;
    struct arena *arena;
};

static struct migrate_kit fixture;

static inline int
setup_empty(void **state)
{
    fixture.db = kit_database_open_empty();
    fixture.st = store_open(fixture.db);
    fixture.arena = arena_new((size_t)1 << 20);
    *state = &fixture;
    return 0;
}

static inline int
setup_migrated(void **state)
{
    setup_empty(state);
    return store_migrate(fixture.st, env_machine()) == OK ? 0 : -1;
}

static inline int
teardown(void **state)
{
    (void)state;
    store_close(fixture.st);
    arena_free(fixture.arena);
    kit_database_close();
    return 0;
}

static inline int64_t
count_applied(struct store *st)
{
    static const char sql[] = "SELECT COUNT(*) FROM schema_migration";
    int64_t count = -1;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(store_run(st, &(struct query) { .sql = sql, .outs = outs }), OK);
    return count;
}

/* The check's outcome; *why as it leaves it. */
static inline enum err
check(struct migrate_kit *f, const char **why)
{
    *why = NULL;
    return store_schema_check(f->st, f->arena, why);
}

static inline void
assert_fit(struct migrate_kit *f)
{
    const char *why;

    assert_int_equal(check(f, &why), OK);
    assert_null(why);
}

static inline void
assert_unfit(struct migrate_kit *f, const char *sentence)
{
    struct buf plan = buf_new(f->arena, 100);
    int64_t pending = 9;
    const char *why;

    assert_int_equal(check(f, &why), ERR_INVALID);
    assert_string_equal(why, sentence);
    assert_int_equal(store_migrate(f->st, env_machine()), ERR_INVALID);
    assert_int_equal(store_migrate_plan(f->st, &plan, &pending), ERR_INVALID);
    assert_int_equal(pending, 0);
    assert_string_equal(plan.at, arena_printf(f->arena, "%s\n", sentence));
}

static inline void
run(struct store *st, const char *sql)
{
    assert_int_equal(store_run(st, &(struct query) { .sql = sql }), OK);
}

#endif
