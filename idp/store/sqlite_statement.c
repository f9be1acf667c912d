/* SPDX-License-Identifier: Apache-2.0 */
/* What runs on one connection of SQLite's: statements, and what its errors mean (sqlite.h). */
#include <stdlib.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/log.h"
#include "idp/base/unwind.h"
#include "idp/store/sqlite.h"

/* --- Errors --- */

static bool
is_sync_failure(int code)
{
    return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
}

/*
 * After a failed fsync nobody knows what is on the disk, and trying again may succeed without the
 * lost pages (OP-03). Only a restart, which reads the log anew, gives a known state.
 */
void
sqlite_stop_if_unsynced(int code)
{
    if (!is_sync_failure(code))
        return;
    log_line(LOG_ERROR, "store.sqlite_fsync", log_int("code", code));
    broken("what was written can be synced to the disk");
}

static enum err
err_of(int code)
{
    if (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE ||
        code == SQLITE_CONSTRAINT_ROWID)
        return ERR_CONFLICT;
    switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_INTERRUPT:
        return ERR_UNAVAILABLE;
    default:
        return ERR_INTERNAL;
    }
}

enum err
sqlite_failure(sqlite3 *handle, const char *sql)
{
    int code = sqlite3_extended_errcode(handle);
    enum err err = err_of(code);

    sqlite_stop_if_unsynced(code);
    if (err != ERR_CONFLICT)
        log_line(LOG_ERROR, "store.sqlite", log_int("code", code),
                 log_text("reason", sqlite3_errmsg(handle)), log_text("sql", sql));
    return err;
}

/* --- Statements --- */

/* SQLite numbers $n by first appearance; ?n means what it says. */
static enum err
prepare(struct sqlite_connection *connection, const char *sql, sqlite3_stmt **out)
{
    char *text = strdup(sql);
    int code;

    if (text == NULL)
        return ERR_UNAVAILABLE;
    for (char *c = strchr(text, '$'); c != NULL; c = strchr(c, '$'))
        *c = '?';
    code = sqlite3_prepare_v3(connection->handle, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    free(text);
    return code == SQLITE_OK ? OK : sqlite_failure(connection->handle, sql);
}

static enum err
find_statement(struct sqlite_connection *connection, const char *sql, sqlite3_stmt **out)
{
    void **place = slots_find(&connection->statements, sql);

    if (place == NULL)
        return ERR_UNAVAILABLE;
    if (*place == NULL) {
        sqlite3_stmt *statement = NULL;
        enum err err = prepare(connection, sql, &statement);

        if (err != OK)
            return err;
        *place = statement;
    }
    *out = *place;
    return OK;
}

/* The values live until the statement is reset, so nothing is copied. */
static int
bind_one(sqlite3_stmt *statement, int n, const struct arg *arg)
{
    if (arg->kind == ARG_INT)
        return sqlite3_bind_int64(statement, n, arg->number);
    if (arg->kind == ARG_TEXT)
        return sqlite3_bind_text(statement, n, arg->text, -1, SQLITE_STATIC);
    if (arg->bytes.at != NULL && arg->bytes.size == 0)
        return sqlite3_bind_zeroblob(statement, n, 0);
    return sqlite3_bind_blob64(statement, n, arg->bytes.at, arg->bytes.size, SQLITE_STATIC);
}

static int
bind_all(sqlite3_stmt *statement, const struct arg *args)
{
    int code = SQLITE_OK;

    for (int n = 0; args != NULL && args[n].kind != ARG_STOP && code == SQLITE_OK; n++)
        code = bind_one(statement, n + 1, &args[n]);
    return code;
}

static struct bytes
column(sqlite3_stmt *statement, int i)
{
    const void *at;

    if (sqlite3_column_type(statement, i) == SQLITE_NULL)
        return (struct bytes) { 0 };
    at = sqlite3_column_blob(statement, i);
    /* A value of no bytes has no address either. */
    return bytes_of(at != NULL ? at : "", (size_t)sqlite3_column_bytes(statement, i));
}

static enum err
give_row(sqlite3_stmt *statement, const struct query *query)
{
    enum err err = OK;

    for (int i = 0; query->outs[i].kind != OUT_STOP && err == OK; i++) {
        if (query->outs[i].kind == OUT_INT)
            *(int64_t *)query->outs[i].to = sqlite3_column_int64(statement, i);
        else
            err = query_give(query, &query->outs[i], column(statement, i));
    }
    return err == OK ? query_row_done(query) : err;
}

/* All rows are stepped through even when one is wanted: a change is complete only at the end. */
static enum err
step(sqlite3 *handle, sqlite3_stmt *statement, const struct query *query)
{
    int64_t rows = 0;
    int code;

    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        bool wanted = query->outs != NULL && (query->each != NULL || rows == 0);
        enum err err = wanted ? give_row(statement, query) : OK;

        if (err != OK)
            return err;
        rows++;
    }
    if (code != SQLITE_DONE)
        return sqlite_failure(handle, query->sql);
    if (query->changed != NULL && !query_reads(query))
        *query->changed = sqlite3_changes64(handle);
    return query->outs != NULL && query->each == NULL && rows == 0 ? ERR_NOT_FOUND : OK;
}

static void
statement_release(void *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

enum err
connection_run(struct sqlite_connection *connection, const struct query *query)
{
    sqlite3_stmt *statement = NULL;
    enum err err = find_statement(connection, query->sql, &statement);
    struct held held;

    if (err != OK)
        return err;
    hold_begin(&held, statement_release, statement);
    if (bind_all(statement, query->args) != SQLITE_OK)
        err = sqlite_failure(connection->handle, query->sql);
    else
        err = step(connection->handle, statement, query);
    hold_release(&held);
    return err;
}
