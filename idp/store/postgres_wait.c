/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libpq's own calls wait without end, and the kernel of a server that hangs still acknowledges what
 * is sent to it. So connections do not block, and all waiting is done here.
 */
#include <openssl/ssl.h>
#include <poll.h>

#include "idp/base/env.h"
#include "idp/base/metrics.h"
#include "idp/store/postgres.h"

#define SECOND_US INT64_C(1000000)
/* The server ends a statement itself at its time; that answer is worth a moment more, for
 * it keeps the connection. */
#define GRACE_US SECOND_US
#define WAIT_MAX_MS 60000

/* What OpenSSL has read from the socket is not seen by poll(). */
static bool
tls_holds_bytes(PGconn *connection)
{
    const SSL *tls = PQsslStruct(connection, "OpenSSL");

    return tls != NULL && SSL_pending(tls) > 0;
}

/* Of an absolute moment, for poll(): rounded up, and 0 once it is past. */
static int
left_ms(int64_t deadline_us)
{
    int64_t left_us = deadline_us - mono_us();

    if (left_us <= 0)
        return 0;
    return left_us / 1000 < WAIT_MAX_MS ? (int)(left_us / 1000) + 1 : WAIT_MAX_MS;
}

bool
postgres_wait(const struct postgres_database *db, PGconn *connection, short events,
              int64_t deadline_us)
{
    struct pollfd fds[] = { { .fd = db->cut_fd, .events = POLLIN },
                            { .fd = PQsocket(connection), .events = events } };

    if ((events & POLLIN) != 0 && tls_holds_bytes(connection))
        return true;
    for (int ms = left_ms(deadline_us); ms > 0; ms = left_ms(deadline_us)) {
        int ready = poll(fds, 2, ms);

        if (ready > 0)
            return fds[0].revents == 0;
    }
    metric_add(METRIC_STORE_TIMEOUTS, 1);
    return false;
}

static const struct postgres_database *
database_of(const struct postgres_store *st)
{
    return (const struct postgres_database *)st->base.db;
}

void
postgres_clock_start(struct postgres_store *st)
{
    st->deadline_us = mono_us() + st->base.db->bounds.statement_s * SECOND_US + GRACE_US;
}

/* All is on its way. What the server says meanwhile is read, or both could wait for each other. An
 * error of the connection is told by the result. */
static bool
is_sent(struct postgres_store *st)
{
    while (PQflush(st->connection) == 1) {
        if (!postgres_wait(database_of(st), st->connection, POLLIN | POLLOUT, st->deadline_us))
            return false;
        if (PQconsumeInput(st->connection) == 0)
            break;
    }
    return true;
}

static bool
has_come(struct postgres_store *st)
{
    while (PQisBusy(st->connection)) {
        if (!postgres_wait(database_of(st), st->connection, POLLIN, st->deadline_us))
            return false;
        if (PQconsumeInput(st->connection) == 0)
            break;
    }
    return true;
}

PGresult *
postgres_result(struct postgres_store *st)
{
    if (!st->over)
        st->over = !is_sent(st) || !has_come(st);
    return st->over ? NULL : PQgetResult(st->connection);
}

PGresult *
postgres_result_whole(struct postgres_store *st)
{
    PGresult *first = postgres_result(st);
    PGresult *more = first;

    while (more != NULL && PQstatus(st->connection) == CONNECTION_OK) {
        more = postgres_result(st);
        PQclear(more);
    }
    return first;
}

static bool
has_failed(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK;
}

static PGresult *
exec_started(struct postgres_store *st, const char *sql)
{
    PGresult *kept = NULL;
    PGresult *next;

    st->over = false;
    if (PQsendQuery(st->connection, sql) != 1)
        return NULL;
    while ((next = postgres_result(st)) != NULL) {
        if (kept != NULL && has_failed(kept)) {
            PQclear(next);
            continue;
        }
        PQclear(kept);
        kept = next;
    }
    if (!st->over)
        return kept;
    PQclear(kept);
    return NULL;
}

PGresult *
postgres_exec(struct postgres_store *st, const char *sql)
{
    postgres_clock_start(st);
    return exec_started(st, sql);
}

PGresult *
postgres_exec_unhurried(struct postgres_store *st, const char *sql)
{
    st->deadline_us = INT64_MAX;
    return exec_started(st, sql);
}
