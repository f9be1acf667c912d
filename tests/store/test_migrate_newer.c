/* SPDX-License-Identifier: Apache-2.0 */
/* What newer programs have applied, and the marks that say whether this one may go on. */
#include "idp/store/migrate.h"
#include "tests/store/migrate_kit.h"

#include <stdlib.h>
#include <string.h>

static void
newer(struct migrate_kit *f, int version, int additive, const char *program)
{
    const char *migration = arena_printf(f->arena,
                                         "INSERT INTO schema_migration (version, name, checksum,"
                                         " applied_at) VALUES (%d, '%d_later.sql', 'x', 1)",
                                         version, version);
    const char *mark = arena_printf(f->arena,
                                    "INSERT INTO schema_mark (version, additive, program)"
                                    " VALUES (%d, %d, '%s')",
                                    version, additive, program);

    run(f->st, migration);
    run(f->st, mark);
}

static void
newer_migrations_that_only_add_are_served_on(void **state)
{
    static const char sentence[] = "the schema is newer than this program and only adds to what it "
                                   "knows (9002_later.sql, of version 9.2)";
    struct migrate_kit *f = *state;
    struct buf plan = buf_new(f->arena, 100);
    int64_t pending = 9;
    int64_t before = count_applied(f->st);
    const char *why;

    newer(f, 9001, 1, "9.1");
    newer(f, 9002, 1, "9.2");
    assert_int_equal(check(f, &why), OK);
    assert_string_equal(why, sentence);
    assert_int_equal(store_migrate_plan(f->st, &plan, &pending), OK);
    assert_int_equal(pending, 0);
    assert_string_equal(plan.at, arena_printf(f->arena, "%s\n", sentence));
    assert_int_equal(store_migrate(f->st, env_machine()), OK);
    assert_int_equal(count_applied(f->st), before + 2);
}

static void
one_newer_migration_that_does_more_than_add_is_refused(void **state)
{
    struct migrate_kit *f = *state;

    newer(f, 9001, 1, "9.1");
    newer(f, 9002, 0, "9.2");
    newer(f, 9003, 1, "9.3");
    assert_unfit(f, "the schema is newer than this program (9002_later.sql): "
                    "run version 9.2 or newer");
}

static void
a_newer_migration_without_a_mark_is_refused(void **state)
{
    struct migrate_kit *f = *state;

    run(f->st, "INSERT INTO schema_migration (version, name, checksum, applied_at)"
               " VALUES (9999, '9999_later.sql', 'x', 1)");
    assert_unfit(f, "the schema is newer than this program (9999_later.sql): "
                    "run version (unknown) or newer");
}

static void
each_applied_migration_is_marked_as_its_first_line_says(void **state)
{
    static const char sql[] = "SELECT additive, program FROM schema_mark WHERE version = $1";
    struct migrate_kit *f = *state;

    for (const struct embedded_file *file = schema_files; file->name != NULL; file++) {
        int64_t additive = -1;
        const char *program = NULL;
        const struct arg args[] = { arg_int(strtoll(file->name, NULL, 10)), ARG_END };
        const struct out outs[] = { out_int(&additive), out_text(&program), OUT_END };
        struct query query = { .sql = sql, .args = args, .outs = outs, .arena = f->arena };

        assert_int_equal(store_run(f->st, &query), OK);
        assert_int_equal(additive, strncmp(file->at, "-- additive\n", 12) == 0);
        assert_string_equal(program, TONGXING_VERSION);
    }
}

int
main(void)
{
#define on(name) cmocka_unit_test_setup_teardown(name, setup_migrated, teardown)
    const struct CMUnitTest tests[] = {
        on(newer_migrations_that_only_add_are_served_on),
        on(one_newer_migration_that_does_more_than_add_is_refused),
        on(a_newer_migration_without_a_mark_is_refused),
        on(each_applied_migration_is_marked_as_its_first_line_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
