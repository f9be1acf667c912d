/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite in WAL mode: one connection that writes and checkpoints, a
 * read-only one for every thread. */
#include "idp/store/sqlite.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"

#define CHECKPOINT_PAGES 1000

/* --- Connections --- */

static void
finalize(void *statement)
{
    sqlite3_finalize(statement);
}

static void
close_connection(struct sqlite_connection *connection)
{
    slots_clear(&connection->statements, finalize);
    sqlite3_close(connection->handle);
    connection->handle = NULL;
}

static enum err
open_connection(struct sqlite_connection *connection, const char *path, int access,
                const char *setup)
{
    int flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(path, &connection->handle, flags, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_exec(connection->handle, setup, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return OK;
    (void)sqlite_failure(connection->handle, setup);
    close_connection(connection);
    return ERR_UNAVAILABLE;
}

static enum err
open_reader(struct sqlite_database *db, struct sqlite_store *st)
{
    static const char setup[] = "PRAGMA busy_timeout=5000; PRAGMA trusted_schema=OFF;"
                                "PRAGMA cell_size_check=ON; PRAGMA cache_size=-256;";
    enum err err;

    if (st->reader.handle != NULL)
        return OK;
    err = open_connection(&st->reader, db->path, SQLITE_OPEN_READONLY, setup);
    if (err != OK)
        return err;
    pthread_mutex_lock(&db->mutex);
    st->next_reader = db->readers;
    db->readers = st;
    pthread_mutex_unlock(&db->mutex);
    return OK;
}

/* The cut must not meet a handle that is being closed. */
static void
close_reader(struct sqlite_database *db, struct sqlite_store *st)
{
    struct sqlite_store **link = &db->readers;

    pthread_mutex_lock(&db->mutex);
    while (*link != NULL && *link != st)
        link = &(*link)->next_reader;
    if (*link != NULL)
        *link = st->next_reader;
    pthread_mutex_unlock(&db->mutex);
    close_connection(&st->reader);
}

/* In place of SQLite's own hook, which would say nothing of a checkpoint
 * that could not be synced. */
static int
checkpoint(void *ctx, sqlite3 *handle, const char *name, int pages)
{
    (void)ctx;
    if (pages >= CHECKPOINT_PAGES)
        sqlite_stop_if_unsynced(
            sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));
    return SQLITE_OK;
}

static enum err
open_writer(struct sqlite_database *db)
{
    static const char setup[] = "PRAGMA busy_timeout=5000; PRAGMA trusted_schema=OFF;"
                                "PRAGMA cell_size_check=ON; PRAGMA foreign_keys=ON;"
                                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
    enum err err = open_connection(&db->writer, db->path, SQLITE_OPEN_READWRITE, setup);

    if (err == OK)
        sqlite3_wal_hook(db->writer.handle, checkpoint, NULL);
    return err;
}

/* --- Databases --- */

static void
sqlite_close(struct database *base)
{
    struct sqlite_database *db = (struct sqlite_database *)base;

    close_connection(&db->writer);
    if (db->lock_fd >= 0)
        close(db->lock_fd);
    pthread_mutex_destroy(&db->mutex);
    free(db->path);
    free(db);
}

static struct sqlite_database *
new_database(const char *path)
{
    struct sqlite_database *db = memory_new(sizeof(*db));

    db->path = strdup(path);
    if (db->path == NULL) {
        free(db);
        unwind(ERR_UNAVAILABLE);
    }
    db->base.driver = &sqlite_driver;
    db->lock_fd = -1;
    pthread_mutex_init(&db->mutex, NULL);
    return db;
}

static enum err
sqlite_open(const char *url, const struct database_bounds *bounds, struct database **out)
{
    struct sqlite_database *db = new_database(url + strlen("sqlite:"));
    enum err err = sqlite_claim_file(db->path, &db->lock_fd);

    db->base.bounds = *bounds;
    if (err == OK)
        err = open_writer(db);
    if (err == OK)
        *out = &db->base;
    else
        sqlite_close(&db->base);
    return err;
}

/* A statement under way ends; a COMMIT that has begun is left to end, for it decides. */
static void
sqlite_cut(struct database *base)
{
    struct sqlite_database *db = (struct sqlite_database *)base;

    pthread_mutex_lock(&db->mutex);
    for (struct sqlite_store *st = db->readers; st != NULL; st = st->next_reader)
        sqlite3_interrupt(st->reader.handle);
    pthread_mutex_unlock(&db->mutex);
}

/* --- Stores --- */

static struct store *
sqlite_connect(struct database *db)
{
    struct sqlite_store *st = memory_new(sizeof(*st));

    st->base.db = db;
    pthread_cond_init(&st->wake, NULL);
    return &st->base;
}

static void
sqlite_disconnect(struct store *base)
{
    struct sqlite_store *st = sqlite_store_of(base);

    close_reader(sqlite_database_of(base), st);
    pthread_cond_destroy(&st->wake);
    free(st);
}

static enum err
run_on_writer(struct store *st, const struct query *query)
{
    struct sqlite_database *db = sqlite_database_of(st);

    if (!batch_is_open(db))
        return ERR_UNAVAILABLE;
    return connection_run(&db->writer, query);
}

static void
batch_release(void *st)
{
    batch_rollback(st);
}

static enum err
run_as_transaction(struct store *st, const struct query *query)
{
    enum err err = batch_begin(st);
    enum err committed;
    struct held held;

    if (err != OK)
        return err;
    hold_begin(&held, batch_release, st);
    err = run_on_writer(st, query);
    hold_end(&held);
    if (err != OK && err != ERR_NOT_FOUND) {
        batch_rollback(st);
        return err;
    }
    committed = batch_commit(st);
    return committed != OK ? committed : err;
}

static enum err
sqlite_run(struct store *base, const struct query *query)
{
    struct sqlite_store *st = sqlite_store_of(base);
    enum err err;

    if (base->in_transaction)
        return run_on_writer(base, query);
    if (!query_reads(query))
        return run_as_transaction(base, query);
    err = open_reader(sqlite_database_of(base), st);
    return err == OK ? connection_run(&st->reader, query) : err;
}

/* --- Schema --- */

static void
replace_word(char *text, const char *word, const char *by)
{
    for (char *at = strstr(text, word); at != NULL; at = strstr(at, word))
        memcpy(at, by, strlen(word));
}

/* Column types have SQLite's names, padded to the length they replace, and tables hold to them. */
static char *
own_dialect(struct arena *arena, const char *sql)
{
    bool table = text_starts(sql, "CREATE TABLE");
    char *text = arena_printf(arena, "%s%s", sql, table ? " STRICT" : "");

    if (!table && !text_starts(sql, "ALTER TABLE"))
        return text;
    replace_word(text, "BYTEA", "BLOB ");
    replace_word(text, "BIGINT", "INT   ");
    return text;
}

static enum err
sqlite_script(struct store *st, const char *sql)
{
    sqlite3 *handle = sqlite_database_of(st)->writer.handle;
    struct arena *arena = arena_new(4 * strlen(sql) + 4096);
    int code = sqlite3_exec(handle, own_dialect(arena, sql), NULL, NULL, NULL);
    enum err err = code == SQLITE_OK ? OK : sqlite_failure(handle, sql);

    arena_free(arena);
    return err;
}

static enum err
sqlite_has_table(struct store *st, const char *name, bool *out)
{
    static const char sql[] =
        "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = $1";
    const struct arg args[] = { arg_text(name), ARG_END };
    int64_t count = 0;
    const struct out outs[] = { out_int(&count), OUT_END };
    enum err err = store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });

    *out = count > 0;
    return err;
}

static bool
sqlite_url_is_right(const char *url)
{
    return url[strlen("sqlite:")] != '\0';
}

const struct driver sqlite_driver = {
    .open = sqlite_open,
    .close = sqlite_close,
    .cut = sqlite_cut,
    .url_is_right = sqlite_url_is_right,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .begin = batch_begin,
    .commit = batch_commit,
    .rollback = batch_rollback,
    .run = sqlite_run,
    .script = sqlite_script,
    .has_table = sqlite_has_table,
};
