/* SPDX-License-Identifier: Apache-2.0 */
/* What SQLite needs beyond what is asked of both stores. On the other store
 * these tests are skipped. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "idp/tables/audit.h"
#include "idp/tables/spent.h"
#include "tests/store_kit.h"

static const char *
path(void)
{
    return kit_url() + strlen("sqlite:");
}

static int64_t
count(struct store *st)
{
    static const char sql[] = "SELECT COUNT(*) FROM spent";
    int64_t rows = -1;
    const struct out outs[] = { out_int(&rows), OUT_END };

    assert_int_equal(store_run(st, &(struct query) { .sql = sql, .outs = outs }), OK);
    return rows;
}

/* --- The file --- */

static mode_t
mode_of(const char *file)
{
    struct stat status;

    assert_int_equal(stat(file, &status), 0);
    return status.st_mode & 0777;
}

static void
all_its_files_are_private(void **state)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".lock" };
    struct kit *k = *state;

    if (!kit_is_sqlite())
        skip();
    for (int i = 0; i < 4; i++)
        assert_int_equal(mode_of(arena_printf(k->arena, "%s%s", path(), endings[i])), 0600);
}

static enum err
open_url(const char *url)
{
    struct database *db = NULL;
    enum err err = database_open(url, &KIT_BOUNDS, &db);

    if (err == OK)
        database_close(db);
    return err;
}

static void
a_file_that_others_may_read_is_refused(void **state)
{
    struct kit *k = *state;
    char *file = NULL;
    char *url = NULL;

    if (!kit_is_sqlite())
        skip();
    file = arena_printf(k->arena, "%s-open", path());
    url = arena_printf(k->arena, "sqlite:%s", file);
    assert_int_equal(open_url(url), OK);
    assert_int_equal(chmod(file, 0640), 0);
    assert_int_equal(open_url(url), ERR_INVALID);
    assert_int_equal(chmod(file, 0600), 0);
    assert_int_equal(open_url(url), OK);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(unlink(arena_printf(k->arena, "%s.lock", file)), 0);
}

static void
a_file_that_is_no_database_is_refused(void **state)
{
    struct kit *k = *state;
    char *file = NULL;
    FILE *stream;

    if (!kit_is_sqlite())
        skip();
    file = arena_printf(k->arena, "%s-text", path());
    stream = fopen(file, "w");
    assert_non_null(stream);
    for (int i = 0; i < 1000; i++)
        fputs("this is not a database. ", stream);
    fclose(stream);
    assert_int_equal(chmod(file, 0600), 0);
    assert_int_equal(open_url(arena_printf(k->arena, "sqlite:%s", file)), ERR_UNAVAILABLE);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(unlink(arena_printf(k->arena, "%s.lock", file)), 0);
}

static void
a_second_process_is_refused(void **state)
{
    pid_t child;
    int status = 0;

    (void)state;
    if (!kit_is_sqlite())
        skip();
    assert_int_equal(open_url(kit_url()), ERR_INVALID);
    child = fork();
    if (child == 0)
        _exit((int)open_url(kit_url()));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), ERR_INVALID);
}

/* --- The disk --- */

/* From here on no file may grow beyond `size` bytes, as on a disk that is full; 0 lifts it. */
static void
limit_files(off_t size)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size == 0 ? limit.rlim_max : (rlim_t)size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static enum err
insert_audit(struct store *st, const char *id, const char *reason)
{
    struct stored_audit record = { .audit_id = id, .at = 1, .event = "event", .reason = reason };

    return store_audit_insert(st, &record);
}

static int64_t
count_audit(struct store *st)
{
    static const char sql[] = "SELECT COUNT(*) FROM audit";
    int64_t rows = -1;
    const struct out outs[] = { out_int(&rows), OUT_END };

    assert_int_equal(store_run(st, &(struct query) { .sql = sql, .outs = outs }), OK);
    return rows;
}

static enum err
insert_large(struct store *st, int thread, void *ctx)
{
    char id[8];

    snprintf(id, sizeof(id), "t%d", thread);
    return insert_audit(st, id, ctx);
}

/* Two files: the log of writes may hold one transaction and not the next one, which
 * must then leave nothing. */
static void
a_full_disk_is_unavailable_and_leaves_no_half(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];
    struct stat status;
    char *large = NULL;

    if (!kit_is_sqlite())
        skip();
    large = arena_alloc(k->arena, 1000001);
    memset(large, 'x', 1000000);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(insert_audit(k->st, "before", ""), OK);
    assert_int_equal(stat(arena_printf(k->arena, "%s-wal", path()), &status), 0);

    limit_files(status.st_size + 8192);
    kit_race(k->db, 8, insert_large, large, outcomes);
    limit_files(0);

    assert_int_equal(kit_count(outcomes, 8, ERR_UNAVAILABLE), 8);
    assert_int_equal(count_audit(k->st), 1);
    assert_int_equal(insert_audit(k->st, "after", large), OK);
    assert_int_equal(count_audit(k->st), 2);
}

/* A disk whose fsync fails from some moment on. */
static sqlite3_vfs *real_disk;
static sqlite3_io_methods
    methods[2]; /* of the database, and of its log, which is locked otherwise */
static int (*real_sync)(sqlite3_file *file, int flags);
static bool sync_fails;

static int
sync_or_fail(sqlite3_file *file, int flags)
{
    return sync_fails ? SQLITE_IOERR_FSYNC : real_sync(file, flags);
}

static int
open_on_bad_disk(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    int code = real_disk->xOpen(real_disk, name, file, flags, out);
    sqlite3_io_methods *mine = &methods[(flags & SQLITE_OPEN_MAIN_DB) != 0 ? 0 : 1];

    (void)vfs;
    if (code != SQLITE_OK)
        return code;
    *mine = *file->pMethods;
    real_sync = mine->xSync;
    mine->xSync = sync_or_fail;
    file->pMethods = mine;
    return code;
}

static void
use_bad_disk(void)
{
    static sqlite3_vfs bad_disk;

    real_disk = sqlite3_vfs_find(NULL);
    bad_disk = *real_disk;
    bad_disk.zName = "bad";
    bad_disk.xOpen = open_on_bad_disk;
    sqlite3_vfs_register(&bad_disk, 1);
}

/* In a child process. Returns only when it has outlived the failure, which it must not. */
static void
write_to_bad_disk(void)
{
    struct store *st;
    struct rlimit no_core = { 0, 0 };

    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGABRT, SIG_DFL);
    use_bad_disk();
    st = store_open(kit_database_reopen());
    if (insert_audit(st, "good", "") != OK)
        _exit(2);
    sync_fails = true;
    (void)insert_audit(st, "bad", "");
    _exit(3);
}

/* OP-03 */
static void
a_failed_fsync_stops_the_process(void **state)
{
    struct kit *k = *state;
    int status = 0;
    pid_t child;

    if (!kit_is_sqlite())
        skip();
    store_close(k->st);
    database_close(k->db);
    child = fork();
    if (child == 0)
        write_to_bad_disk();
    assert_int_equal(waitpid(child, &status, 0), child);
    k->db = kit_database_reopen();
    k->st = store_open(k->db);

    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_in_range(count_audit(k->st), 1, 2);
}

/* --- Batches --- */

struct member {
    struct digest id;
    bool gives_up;
};

static enum err
insert_or_give_up(struct store *st, void *ctx)
{
    struct member *member = ctx;
    enum err err = store_spent_insert(st, &member->id, "g", 1);

    return err == OK && member->gives_up ? ERR_EXPIRED : err;
}

static enum err
be_a_member(struct store *st, int thread, void *ctx)
{
    struct member member = { kit_digest(thread), thread % 2 == 1 };

    (void)ctx;
    return store_change(st, insert_or_give_up, &member);
}

static void
who_gives_up_takes_nobody_else_along(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];

    kit_race(k->db, 32, be_a_member, NULL, outcomes);

    assert_int_equal(count(k->st), 16);
    for (int i = 0; i < 32; i++)
        assert_int_equal(outcomes[i], i % 2 == 0 ? OK : ERR_EXPIRED);
}

static enum err
collide(struct store *st, int thread, void *ctx)
{
    (void)ctx;
    return kit_spend(st, thread / 2);
}

static void
who_collides_takes_nobody_else_along(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];

    kit_race(k->db, 64, collide, NULL, outcomes);

    assert_int_equal(kit_count(outcomes, 64, OK), 32);
    assert_int_equal(kit_count(outcomes, 64, ERR_CONFLICT), 32);
    assert_int_equal(count(k->st), 32);
}

#define ROUNDS 20

static enum err
insert_many(struct store *st, int thread, void *ctx)
{
    enum err err = OK;

    (void)ctx;
    for (int i = 0; i < ROUNDS && err == OK; i++) {
        struct digest id = kit_digest(thread * ROUNDS + i);

        err = store_spent_insert(st, &id, "g", 1);
    }
    return err;
}

static void
what_64_threads_write_is_there_after_opening_again(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];

    kit_race(k->db, 64, insert_many, NULL, outcomes);
    assert_int_equal(kit_count(outcomes, 64, OK), 64);

    store_close(k->st);
    database_close(k->db);
    k->db = kit_database_reopen();
    k->st = store_open(k->db);
    assert_int_equal(count(k->st), 64 * ROUNDS);
}

/* --- Sudden death --- */

#define WRITERS 4

/* Says the number of every id once its insertion was acknowledged. Lines this
 * short are written whole. */
static enum err
write_until_killed(struct store *st, int thread, void *ctx)
{
    int out = *(int *)ctx;

    for (int number = thread;; number += WRITERS) {
        struct digest id = kit_digest(number);

        if (store_spent_insert(st, &id, "g", 1) != OK ||
            write(out, &number, sizeof(number)) != sizeof(number))
            _exit(1);
    }
}

static void
be_the_child(int out)
{
    enum err outcomes[KIT_THREADS_MAX];

    kit_race(kit_database_reopen(), WRITERS, write_until_killed, &out, outcomes);
}

static void
assert_spent(struct kit *k, int number)
{
    struct digest id = kit_digest(number);
    const char *grant_id = NULL;

    assert_int_equal(store_spent_find(k->st, k->arena, &id, &grant_id), OK);
}

static void
what_was_acknowledged_outlives_kill_9(void **state)
{
    struct kit *k = *state;
    int numbers[4000];
    int known = 0;
    int ends[2];
    pid_t child;

    store_close(k->st);
    database_close(k->db);
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0)
        be_the_child(ends[1]);
    close(ends[1]);

    while (known < 4000 && read(ends[0], &numbers[known], sizeof(int)) == sizeof(int))
        if (++known == 300)
            kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ends[0]);

    k->db = kit_database_reopen();
    k->st = store_open(k->db);
    assert_true(known >= 300);
    for (int i = 0; i < known; i++)
        assert_spent(k, numbers[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(all_its_files_are_private),
        kit_test(a_file_that_others_may_read_is_refused),
        kit_test(a_file_that_is_no_database_is_refused),
        kit_test(a_second_process_is_refused),
        kit_test(a_full_disk_is_unavailable_and_leaves_no_half),
        kit_test(a_failed_fsync_stops_the_process),
        kit_test(who_gives_up_takes_nobody_else_along),
        kit_test(who_collides_takes_nobody_else_along),
        kit_test(what_64_threads_write_is_there_after_opening_again),
        kit_test(what_was_acknowledged_outlives_kill_9),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
