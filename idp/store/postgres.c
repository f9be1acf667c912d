/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL through libpq: one connection a store, every statement prepared once
 * on it, values in binary. */
#include "idp/store/postgres.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "idp/base/broken.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"

/* Type numbers that are part of the protocol (pg_type.dat). */
#define TYPE_BYTEA 17
#define TYPE_INT8 20
#define TYPE_TEXT 25

#define NAME_SIZE 24

struct parameters {
    int count;
    Oid types[ARGS_MAX];
    const char *values[ARGS_MAX];
    int sizes[ARGS_MAX];
    int formats[ARGS_MAX];
    int64_t numbers[ARGS_MAX]; /* in network order */
};

/* --- Values --- */

static void
put_parameter(struct parameters *p, int n, const struct arg *arg)
{
    p->formats[n] = arg->kind != ARG_TEXT;
    if (arg->kind == ARG_TEXT) {
        p->types[n] = TYPE_TEXT;
        p->values[n] = arg->text;
    } else if (arg->kind == ARG_INT) {
        p->types[n] = TYPE_INT8;
        p->numbers[n] = (int64_t)htobe64((uint64_t)arg->number);
        p->values[n] = (const char *)&p->numbers[n];
        p->sizes[n] = sizeof(p->numbers[n]);
    } else {
        p->types[n] = TYPE_BYTEA;
        p->values[n] = (const char *)arg->bytes.at;
        p->sizes[n] = (int)arg->bytes.size;
    }
}

static void
fill(struct parameters *p, const struct arg *args)
{
    int n = 0;

    for (; args != NULL && args[n].kind != ARG_STOP; n++) {
        if (n == ARGS_MAX)
            broken("no statement has more than ARGS_MAX values");
        put_parameter(p, n, &args[n]);
    }
    p->count = n;
}

/* A bigint as it comes over the wire; SQL NULL, which has no size, is 0. */
static int64_t
number_at(const PGresult *result, int row, int column)
{
    uint64_t number = 0;

    if (PQgetlength(result, row, column) == sizeof(number))
        memcpy(&number, PQgetvalue(result, row, column), sizeof(number));
    return (int64_t)be64toh(number);
}

static struct bytes
column_at(const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column))
        return (struct bytes) { 0 };
    return bytes_of(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

static enum err
give_row(const PGresult *result, int row, const struct query *query)
{
    enum err err = OK;

    for (int i = 0; query->outs[i].kind != OUT_STOP && err == OK; i++) {
        if (query->outs[i].kind == OUT_INT)
            *(int64_t *)query->outs[i].to = number_at(result, row, i);
        else
            err = query_give(query, &query->outs[i], column_at(result, row, i));
    }
    return err == OK ? query_row_done(query) : err;
}

static enum err
give_rows(PGresult *result, const struct query *query)
{
    int rows = PQntuples(result);
    enum err err = OK;

    if (query->changed != NULL && !query_reads(query))
        *query->changed = strtoll(PQcmdTuples(result), NULL, 10);
    if (query->outs == NULL)
        return OK;
    if (query->each == NULL)
        return rows == 0 ? ERR_NOT_FOUND : give_row(result, 0, query);
    for (int row = 0; row < rows && err == OK; row++)
        err = give_row(result, row, query);
    return err;
}

/* --- Sending --- */

static const char *
name_of(const char *sql, char out[static NAME_SIZE])
{
    snprintf(out, NAME_SIZE, "s%llx", (unsigned long long)(uintptr_t)sql);
    return out;
}

static enum postgres_fate
prepare(struct postgres_store *st, const char *sql, const struct parameters *p, enum err *err)
{
    void **place = slots_find(&st->prepared, sql);
    char name[NAME_SIZE];
    enum postgres_fate fate;
    PGresult *result;

    if (place == NULL) {
        *err = ERR_UNAVAILABLE;
        return FATE_REFUSED;
    }
    if (*place != NULL)
        return FATE_DONE;
    result = PQsendPrepare(st->connection, name_of(sql, name), sql, p->count, p->types) == 1
                 ? postgres_result_whole(st)
                 : NULL;
    fate = postgres_fate_of(st, result, sql, err);
    if (fate == FATE_DONE)
        *place = st;
    PQclear(result);
    return fate;
}

static bool
send_prepared(struct postgres_store *st, const char *sql, const struct parameters *p)
{
    char name[NAME_SIZE];

    return PQsendQueryPrepared(st->connection, name_of(sql, name), p->count, p->values, p->sizes,
                               p->formats, 1) == 1;
}

static PGresult *
execute(struct postgres_store *st, const char *sql, const struct parameters *p)
{
    if (!send_prepared(st, sql, p))
        return NULL;
    return postgres_result_whole(st);
}

/* The answer to BEGIN, and to nothing else: without memory libpq may lose one of several. */
static bool
has_begun(struct postgres_store *st)
{
    PGresult *result = postgres_result_whole(st);
    bool begun =
        PQresultStatus(result) == PGRES_COMMAND_OK && text_eq(PQcmdStatus(result), "BEGIN");

    PQclear(result);
    return begun;
}

/* BEGIN and the first statement in one go: a transaction costs one exchange less. NULL when
 * either was not answered. */
static PGresult *
execute_first(struct postgres_store *st, const char *sql, const struct parameters *p)
{
    PGconn *connection = st->connection;
    PGresult *result = NULL;

    if (!PQenterPipelineMode(connection))
        return NULL;
    if (PQsendQueryParams(connection, "BEGIN", 0, NULL, NULL, NULL, NULL, 0) &&
        send_prepared(st, sql, p) && PQpipelineSync(connection)) {
        if (has_begun(st))
            result = postgres_result_whole(st);
        PQclear(postgres_result(st));
    }
    if (!PQexitPipelineMode(connection)) {
        PQclear(result);
        return NULL;
    }
    st->begun = true;
    return result;
}

/* Undoes what a failed first statement has left of its BEGIN, so that it can be sent once more; a
 * connection on which that fails is given up. */
static void
unbegin(struct postgres_store *st)
{
    if (st->connection != NULL && st->begun)
        PQclear(postgres_exec(st, "ROLLBACK"));
    if (st->connection != NULL && PQtransactionStatus(st->connection) != PQTRANS_IDLE)
        postgres_hang_up(st);
    st->begun = false;
}

static void
result_release(void *result)
{
    PQclear(result);
}

static enum postgres_fate
run_once(struct postgres_store *st, const struct query *query, const struct parameters *p,
         enum err *err)
{
    bool opens = st->base.in_transaction && !st->begun;
    enum postgres_fate fate;
    PGresult *result;
    struct held held;

    postgres_clock_start(st);
    fate = prepare(st, query->sql, p, err);
    if (fate != FATE_DONE)
        return fate == FATE_UNKNOWN ? FATE_NOT_RUN : fate;
    result = opens ? execute_first(st, query->sql, p) : execute(st, query->sql, p);
    fate = postgres_fate_of(st, result, query->sql, err);
    hold_begin(&held, result_release, result);
    if (fate == FATE_DONE)
        *err = give_rows(result, query);
    hold_release(&held);
    if (fate == FATE_UNKNOWN && (opens || query_reads(query)))
        return FATE_NOT_RUN;
    return fate;
}

/* Further statements of a transaction are never sent again: what went before them is gone with the
 * connection. Neither are those that were waited for too long: that would be waiting twice. */
static enum err
postgres_run(struct store *base, const struct query *query)
{
    struct postgres_store *st = (struct postgres_store *)base;
    struct parameters p = { 0 };
    enum postgres_fate fate = FATE_NOT_RUN;
    enum err err = ERR_UNAVAILABLE;

    fill(&p, query->args);
    st->over = false;
    if (st->begun) {
        (void)run_once(st, query, &p, &err);
        return err;
    }
    for (int try = 0; try < 2 && fate == FATE_NOT_RUN && !st->over; try++) {
        unbegin(st);
        err = postgres_ready(st);
        if (err != OK)
            return err;
        err = ERR_UNAVAILABLE;
        fate = run_once(st, query, &p, &err);
    }
    return fate == FATE_UNKNOWN ? ERR_UNKNOWN : err;
}

/* --- Transactions --- */

static enum err
postgres_begin(struct store *base)
{
    ((struct postgres_store *)base)->begun = false;
    return OK;
}

/* COMMIT of a transaction that the server has given up answers "ROLLBACK". */
static enum err
commit_result(struct postgres_store *st, PGresult *result)
{
    enum err err = ERR_UNAVAILABLE;

    switch (postgres_fate_of(st, result, "COMMIT", &err)) {
    case FATE_DONE:
        return text_eq(PQcmdStatus(result), "COMMIT") ? OK : ERR_INTERNAL;
    case FATE_UNKNOWN:
        return ERR_UNKNOWN;
    case FATE_REFUSED:
    case FATE_NOT_RUN:
        break;
    }
    return err;
}

static enum err
postgres_commit(struct store *base)
{
    struct postgres_store *st = (struct postgres_store *)base;
    PGresult *result;
    enum err err;

    if (!st->begun)
        return OK;
    st->begun = false;
    result = postgres_exec(st, "COMMIT");
    err = commit_result(st, result);
    PQclear(result);
    return err;
}

static void
postgres_rollback(struct store *base)
{
    struct postgres_store *st = (struct postgres_store *)base;

    unbegin(st);
}

/* --- Opening and closing --- */

static void
postgres_close(struct database *base)
{
    struct postgres_database *db = (struct postgres_database *)base;

    if (db->cut_fd >= 0)
        close(db->cut_fd);
    free(db->url);
    free(db);
}

static struct database *
new_database(const char *url)
{
    struct postgres_database *db = memory_new(sizeof(*db));

    db->url = strdup(url);
    db->cut_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (db->url == NULL || db->cut_fd < 0) {
        postgres_close(&db->base);
        unwind(ERR_UNAVAILABLE);
    }
    db->base.driver = &postgres_driver;
    return &db->base;
}

/* Every wait of every thread sees it (postgres_wait.c). */
static void
postgres_cut(struct database *base)
{
    eventfd_write(((struct postgres_database *)base)->cut_fd, 1);
}

static struct store *
postgres_connect(struct database *db)
{
    struct postgres_store *st = memory_new(sizeof(*st));

    st->base.db = db;
    return &st->base;
}

static void
postgres_disconnect(struct store *base)
{
    postgres_hang_up((struct postgres_store *)base);
    free(base);
}

static enum err
check_server(struct database *db)
{
    struct store *st = postgres_connect(db);
    enum err err = postgres_ready((struct postgres_store *)st);

    if (err == OK)
        err = postgres_check_server((struct postgres_store *)st);
    postgres_disconnect(st);
    return err;
}

static enum err
postgres_open(const char *url, const struct database_bounds *bounds, struct database **out)
{
    enum err err = postgres_check_url(url);
    struct database *db;

    if (err != OK)
        return err;
    db = new_database(url);
    db->bounds = *bounds;
    err = check_server(db);
    if (err == OK)
        *out = db;
    else
        postgres_close(db);
    return err;
}

/* --- Schema --- */

/* A migration takes the time that it takes. */
static enum err
script_begin(struct postgres_store *st)
{
    enum err err = ERR_UNAVAILABLE;
    PGresult *result;

    if (st->begun)
        return OK;
    st->over = false;
    err = postgres_ready(st);
    if (err != OK)
        return err;
    result = postgres_exec(st, "BEGIN; SET LOCAL statement_timeout = 0");
    st->begun = true;
    err = ERR_UNAVAILABLE;
    if (postgres_fate_of(st, result, "BEGIN", &err) == FATE_DONE)
        err = OK;
    PQclear(result);
    return err;
}

static enum err
postgres_script(struct store *base, const char *sql)
{
    struct postgres_store *st = (struct postgres_store *)base;
    enum err err = script_begin(st);
    PGresult *result;

    if (err != OK)
        return err;
    result = postgres_exec_unhurried(st, sql);
    err = ERR_UNAVAILABLE;
    if (postgres_fate_of(st, result, sql, &err) == FATE_DONE)
        err = OK;
    PQclear(result);
    return err;
}

/* As seen by this connection, so that a schema of another name on the search
 * path is found, and no other. */
static enum err
postgres_has_table(struct store *st, const char *name, bool *out)
{
    static const char sql[] = "SELECT COUNT(*) FROM information_schema.tables"
                              " WHERE table_name = $1 AND table_schema = current_schema()";
    const struct arg args[] = { arg_text(name), ARG_END };
    int64_t count = 0;
    const struct out outs[] = { out_int(&count), OUT_END };
    enum err err = store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });

    *out = count > 0;
    return err;
}

const struct driver postgres_driver = {
    .open = postgres_open,
    .close = postgres_close,
    .cut = postgres_cut,
    .url_is_right = postgres_url_is_right,
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .run = postgres_run,
    .script = postgres_script,
    .has_table = postgres_has_table,
};
