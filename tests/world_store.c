/* SPDX-License-Identifier: Apache-2.0 */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "idp/base/embedded.h"
#include "idp/base/text.h"
#include "idp/store/driver.h"
#include "idp/store/migrate.h"
#include "idp/tables/spent.h"
#include "tests/store_kit.h"

#define ARENA_LIMIT ((size_t)16 << 20)

extern const struct embedded_file schema_files[];

static struct {
    struct database *db;
    char folder[256]; /* of SQLite */
    char schema[32];  /* of PostgreSQL */
    char url[512];
} kit;

static void
die(const char *what)
{
    fprintf(stderr, "store kit: %s\n", what);
    exit(1);
}

static void
must(enum err err, const char *what)
{
    if (err != OK)
        die(what);
}

const char *
kit_url(void)
{
    return kit.db != NULL ? kit.url : NULL;
}

bool
kit_is_sqlite(void)
{
    return kit.db != NULL && text_starts(kit.url, "sqlite:");
}

/* --- SQLite --- */

static void
sqlite_begin(void)
{
    const char *temporary = getenv("TMPDIR");

    snprintf(kit.folder, sizeof(kit.folder), "%s/tongxing-test-XXXXXX",
             text_is_empty(temporary) ? "/tmp" : temporary);
    if (mkdtemp(kit.folder) == NULL)
        die("no temporary folder");
    snprintf(kit.url, sizeof(kit.url), "sqlite:%s/store.db", kit.folder);
}

static void
sqlite_end(void)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".lock" };
    char path[sizeof(kit.folder) + 32];

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        snprintf(path, sizeof(path), "%s/store.db%s", kit.folder, endings[i]);
        unlink(path);
    }
    rmdir(kit.folder);
}

/* --- PostgreSQL --- */

static const char *
server_url(void)
{
    const char *url = getenv("TONGXING_TEST_POSTGRES");

    if (text_is_empty(url))
        die("TONGXING_TEST_POSTGRES is not set: start a server with tests/ci/postgres.sh start DIR "
            "and set it to the URL that is printed");
    return url;
}

/* `command` and `options` stand around the name of the schema. */
static void
schema_command(const char *command, const char *options)
{
    PGconn *connection = PQconnectdb(server_url());
    char sql[128];
    PGresult *result;

    PQclear(PQexec(connection, "SET client_min_messages = error"));
    snprintf(sql, sizeof(sql), "%s %s %s", command, kit.schema, options);
    result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        die(PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
}

static void
postgres_begin(void)
{
    const char *url = server_url();
    uint64_t id;

    must(env_random(env_machine(), &id, sizeof(id)), "no random bytes");
    snprintf(kit.schema, sizeof(kit.schema), "t_%016llx", (unsigned long long)id);
    schema_command("CREATE SCHEMA", "");
    snprintf(kit.url, sizeof(kit.url), "%s%coptions=-csearch_path%%3D%s", url,
             strchr(url, '?') == NULL ? '?' : '&', kit.schema);
}

/* --- The database --- */

struct database *
kit_database_reopen(void)
{
    must(database_open(kit.url, &KIT_BOUNDS, &kit.db), "the database does not open");
    return kit.db;
}

struct database *
kit_database_open_empty(void)
{
    const char *kind = getenv("TONGXING_TEST_STORE");

    if (kind == NULL || text_eq(kind, "sqlite"))
        sqlite_begin();
    else if (text_eq(kind, "postgres"))
        postgres_begin();
    else
        die("TONGXING_TEST_STORE must be sqlite or postgres");
    return kit_database_reopen();
}

struct database *
kit_database_open(void)
{
    struct store *st = store_open(kit_database_open_empty());

    must(store_migrate(st, env_machine()), "the migrations do not run");
    store_close(st);
    return kit.db;
}

void
kit_database_close(void)
{
    bool sqlite = kit_is_sqlite();

    if (kit.db == NULL)
        return;
    database_close(kit.db);
    kit.db = NULL;
    if (sqlite)
        sqlite_end();
    else
        schema_command("DROP SCHEMA", "CASCADE");
}

/* The tables are those that the migrations create, so no list must be kept here. */
static enum err
empty_tables(struct store *st, const char *schema)
{
    static const char create[] = "\nCREATE TABLE ";
    enum err err = OK;

    for (const char *at = strstr(schema, create); at != NULL && err == OK;
         at = strstr(at, create)) {
        char sql[128];

        at += strlen(create);
        if (text_starts(at, "epoch "))
            snprintf(sql, sizeof(sql), "UPDATE epoch SET value = 0");
        else
            snprintf(sql, sizeof(sql), "DELETE FROM %.*s", (int)strcspn(at, " ("), at);
        err = st->db->driver->script(st, sql);
    }
    return err;
}

static enum err
empty_all(struct store *st, void *ctx)
{
    enum err err = OK;

    (void)ctx;
    for (const struct embedded_file *file = schema_files; file->name != NULL && err == OK; file++)
        err = empty_tables(st, file->at);
    return err;
}

void
kit_database_reset(void)
{
    struct store *st = store_open(kit.db);

    must(store_change(st, empty_all, NULL), "the tables cannot be emptied");
    store_close(st);
}

/* --- Tests --- */

int
kit_group_setup(void **state)
{
    (void)state;
    kit_database_open();
    return 0;
}

int
kit_group_teardown(void **state)
{
    (void)state;
    kit_database_close();
    return 0;
}

int
kit_setup(void **state)
{
    struct kit *k = calloc(1, sizeof(*k));

    if (k == NULL)
        return -1;
    kit_database_reset();
    k->db = kit.db;
    k->st = store_open(k->db);
    k->arena = arena_new(ARENA_LIMIT);
    *state = k;
    return 0;
}

int
kit_teardown(void **state)
{
    struct kit *k = *state;

    store_close(k->st);
    arena_free(k->arena);
    free(k);
    return 0;
}

struct digest
kit_digest(int number)
{
    struct digest digest = { 0 };

    memcpy(digest.bytes, &number, sizeof(number));
    digest.bytes[31] = 0xd1;
    return digest;
}

enum err
kit_spend(struct store *st, int number)
{
    struct digest id = kit_digest(number);

    return store_spent_insert(st, &id, "g", 1);
}

/* Statements are known by the address of their text (idp/store/slots.h), and a test makes its own where another test's stood. */
static const char *
text_kept(const char *sql)
{
    static struct kept {
        struct kept *next;
        char *sql;
    } * all;
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct kept *at;

    pthread_mutex_lock(&lock);
    for (at = all; at != NULL && strcmp(at->sql, sql) != 0;)
        at = at->next;
    if (at == NULL) {
        at = malloc(sizeof(*at));
        must(at != NULL ? OK : ERR_UNAVAILABLE, "no memory");
        *at = (struct kept) { all, strdup(sql) };
        all = at;
    }
    pthread_mutex_unlock(&lock);
    return at->sql;
}

enum err
kit_run(struct store *st, const char *sql)
{
    return store_run(st, &(struct query) { .sql = text_kept(sql) });
}

int64_t
kit_backend_of(struct store *st)
{
    static const char sql[] = "SELECT CAST(pg_backend_pid() AS BIGINT)";
    int64_t pid = 0;
    const struct out outs[] = { out_int(&pid), OUT_END };

    must(store_run(st, &(struct query) { .sql = sql, .outs = outs }), "no backend");
    return pid;
}

void
kit_backend_end(struct database *db, int64_t pid)
{
    static const char kill[] = "SELECT pg_terminate_backend(CAST($1 AS INTEGER), 5000)";
    const struct arg args[] = { arg_int(pid), ARG_END };
    struct store *other = store_open(db);

    must(store_run(other, &(struct query) { .sql = kill, .args = args }), "no end of a backend");
    store_close(other);
}

/* --- Races --- */

struct runner {
    pthread_t thread;
    pthread_barrier_t *start;
    struct store *st;
    int number;
    kit_runner *run;
    void *ctx;
    enum err outcome;
};

static void *
run_in_thread(void *ctx)
{
    struct runner *runner = ctx;

    pthread_barrier_wait(runner->start);
    runner->outcome = runner->run(runner->st, runner->number, runner->ctx);
    return NULL;
}

void
kit_race(struct database *db, int threads, kit_runner *run, void *ctx,
         enum err outcomes[static KIT_THREADS_MAX])
{
    struct runner runners[KIT_THREADS_MAX];
    pthread_barrier_t start;

    pthread_barrier_init(&start, NULL, (unsigned)threads);
    for (int i = 0; i < threads; i++) {
        runners[i] = (struct runner) { 0, &start, store_open(db), i, run, ctx, OK };
        if (pthread_create(&runners[i].thread, NULL, run_in_thread, &runners[i]) != 0)
            die("no thread");
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(runners[i].thread, NULL);
        store_close(runners[i].st);
        outcomes[i] = runners[i].outcome;
    }
    pthread_barrier_destroy(&start);
}

int
kit_count(const enum err *outcomes, int threads, enum err err)
{
    int count = 0;

    for (int i = 0; i < threads; i++)
        count += outcomes[i] == err;
    return count;
}
