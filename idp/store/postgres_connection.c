/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/env.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/store/postgres.h"

/* The server's notices ("relation exists, skipping") are of no use to anybody. */
static void
ignore_notice(void *ctx, const PGresult *result)
{
    (void)ctx;
    (void)result;
}

/* --- Dialling --- */

#define HOSTS_MAX 16

/* What the URL says of one keyword; NULL when it says nothing. */
static const char *
said(const PQconninfoOption *options, const char *keyword)
{
    for (; options != NULL && options->keyword != NULL; options++) {
        if (text_eq(options->keyword, keyword))
            return options->val;
    }
    return NULL;
}

static size_t
list_size(const char *list)
{
    size_t count = list != NULL;

    for (; list != NULL && *list != '\0'; list++)
        count += *list == ',';
    return count;
}

/* The n-th of the list; of a list of one that one. The caller frees it. NULL for none. */
static char *
list_item(const char *list, size_t n)
{
    if (list == NULL)
        return NULL;
    if (list_size(list) == 1)
        n = 0;
    for (; n > 0 && strchr(list, ',') != NULL; n--)
        list = strchr(list, ',') + 1;
    return strndup(list, strcspn(list, ","));
}

/* A place out of those that the URL names. */
struct server_place {
    char *host;
    char *hostaddr;
    char *port;
};

/*
 * What stands before the URL may be set otherwise by it, what stands behind may not: of two values
 * libpq takes the later one, and of NULL no notice. GSS encryption keeps bytes to itself that
 * neither poll() nor we can see.
 */
static PGconn *
dial_start(const char *url, const struct server_place *place)
{
    static const char *const names[] = { "tcp_user_timeout",
                                         "keepalives_idle",
                                         "keepalives_interval",
                                         "keepalives_count",
                                         "target_session_attrs",
                                         "fallback_application_name",
                                         "dbname",
                                         "client_encoding",
                                         "gssencmode",
                                         "host",
                                         "hostaddr",
                                         "port",
                                         NULL };
    const char *const values[] = { "10000",         "10",        "5",    "3",       "read-write",
                                   "tongxing",      url,         "UTF8", "disable", place->host,
                                   place->hostaddr, place->port, NULL };

    return PQconnectStartParams(names, values, 1);
}

/* True once the connection is there. */
static bool
dial_wait(const struct postgres_database *db, PGconn *connection)
{
    int64_t deadline_us = mono_us() + db->base.bounds.connect_s * INT64_C(1000000);
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;

    if (PQstatus(connection) == CONNECTION_BAD)
        return false;
    while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
        short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;

        if (!postgres_wait(db, connection, events, deadline_us))
            return false;
        state = PQconnectPoll(connection);
    }
    return state == PGRES_POLLING_OK && PQsetnonblocking(connection, 1) == 0;
}

/* The last reason is logged, for of several hosts all but one may rightly refuse. */
static PGconn *
dial_failed(PGconn *connection, bool last)
{
    const char *reason = PQerrorMessage(connection);

    if (last)
        log_line(LOG_ERROR, "store.postgres_connect",
                 log_text("reason", *reason != '\0' ? reason : "no answer in time"));
    PQfinish(connection);
    return NULL;
}

static PGconn *
dial_place(const struct postgres_database *db, const struct server_place *place, bool last)
{
    PGconn *connection = dial_start(db->url, place);

    if (!dial_wait(db, connection))
        return dial_failed(connection, last);
    PQsetNoticeReceiver(connection, ignore_notice, NULL);
    return connection;
}

/*
 * The URL may name several hosts; the first that can be written to is taken. They are tried one by
 * one here, because libpq goes on to the next by time only in calls that block.
 */
static PGconn *
dial_any(const struct postgres_database *db, const PQconninfoOption *options)
{
    size_t by_name = list_size(said(options, "host"));
    size_t by_address = list_size(said(options, "hostaddr"));
    size_t count = by_name > by_address ? by_name : by_address;
    PGconn *connection = NULL;

    count = count < 1 ? 1 : count;
    count = count > HOSTS_MAX ? HOSTS_MAX : count;
    for (size_t i = 0; connection == NULL && i < count; i++) {
        struct server_place place = { .host = list_item(said(options, "host"), i),
                                      .hostaddr = list_item(said(options, "hostaddr"), i),
                                      .port = list_item(said(options, "port"), i) };

        connection = dial_place(db, &place, i + 1 == count);
        free(place.host);
        free(place.hostaddr);
        free(place.port);
    }
    return connection;
}

/* The server ends by itself what we no longer wait for. */
static enum err
bounds_tell(struct postgres_store *st)
{
    char sql[128];
    PGresult *result;
    bool told;

    snprintf(sql, sizeof(sql),
             "SET statement_timeout = %lld; SET idle_in_transaction_session_timeout = 30000",
             (long long)st->base.db->bounds.statement_s * 1000);
    result = postgres_exec(st, sql);
    told = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    if (told)
        return OK;
    log_line(LOG_ERROR, "store.postgres_connect", log_text("reason", "its bounds cannot be set"));
    postgres_hang_up(st);
    return ERR_UNAVAILABLE;
}

static enum err
dial(struct postgres_store *st)
{
    const struct postgres_database *db = (struct postgres_database *)st->base.db;
    PQconninfoOption *options = PQconninfoParse(db->url, NULL);

    st->connection = dial_any(db, options);
    PQconninfoFree(options);
    return st->connection != NULL ? bounds_tell(st) : ERR_UNAVAILABLE;
}

void
postgres_hang_up(struct postgres_store *st)
{
    PQfinish(st->connection);
    st->connection = NULL;
    slots_clear(&st->prepared, NULL);
}

/* Nobody speaks to an idle connection but to end it. */
static bool
was_closed(PGconn *connection)
{
    struct pollfd fd = { .fd = PQsocket(connection), .events = POLLIN };

    return PQstatus(connection) != CONNECTION_OK || poll(&fd, 1, 0) != 0;
}

enum err
postgres_ready(struct postgres_store *st)
{
    if (st->connection != NULL && was_closed(st->connection))
        postgres_hang_up(st);
    if (st->connection != NULL)
        return OK;
    return dial(st);
}

/* Of a URL that it cannot read libpq quotes the very part that it stumbled over,
 * which may be the password. */
bool
postgres_url_is_right(const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);

    PQconninfoFree(options);
    return options != NULL;
}

enum err
postgres_check_url(const char *url)
{
    if (postgres_url_is_right(url))
        return OK;
    log_line(LOG_ERROR, "store.url", log_text("reason", "not a PostgreSQL URL"));
    return ERR_INVALID;
}

static enum err
unfit(const char *setting, const char *value)
{
    log_line(LOG_ERROR, "store.postgres_unfit", log_text("setting", setting),
             log_text("value", value));
    return ERR_INVALID;
}

static enum err
check_settings(const PGresult *result)
{
    const char *encoding = PQgetvalue(result, 0, 0);
    const char *fsync = PQgetvalue(result, 0, 1);
    const char *commit = PQgetvalue(result, 0, 2);

    if (!text_eq(encoding, "UTF8"))
        return unfit("server_encoding", encoding);
    if (!text_eq(fsync, "on"))
        return unfit("fsync", fsync);
    if (text_eq(commit, "off"))
        return unfit("synchronous_commit", commit);
    return OK;
}

enum err
postgres_check_server(struct postgres_store *st)
{
    PGresult *result = postgres_exec(st, "SELECT current_setting('server_encoding'), "
                                         "current_setting('fsync'), "
                                         "current_setting('synchronous_commit')");
    enum err err = ERR_UNAVAILABLE;

    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        err = check_settings(result);
    PQclear(result);
    return err;
}

/* --- What the server says --- */

static bool
is_class(const char *state, const char *prefix)
{
    return state != NULL && text_starts(state, prefix);
}

/* The state names the error; the message is not logged, for it may quote values. */
static enum err
refused(struct postgres_store *st, const char *state, const char *sql)
{
    /* A key was taken; or the name of a table or type, by a node that
     * migrates at the same moment. */
    if (is_class(state, "23505") || is_class(state, "42710") || is_class(state, "42P07"))
        return ERR_CONFLICT;
    if (is_class(state, "40001") || is_class(state, "40P01")) {
        st->base.serialization = true;
        return ERR_CONFLICT;
    }
    log_line(LOG_ERROR, "store.postgres", log_text("state", state), log_text("sql", sql));
    if (is_class(state, "53") || is_class(state, "57") || is_class(state, "58"))
        return ERR_UNAVAILABLE;
    return ERR_INTERNAL;
}

/*
 * 57P01 to 57P03 end the connection; 25006 means that the server has become a standby. An error
 * without a state is libpq's own (no memory for what it sends or reads): what the server has done
 * is not known then, nor which answer comes next.
 */
static bool
is_lost(const struct postgres_store *st, const char *state)
{
    return st->over || PQstatus(st->connection) != CONNECTION_OK || state == NULL ||
           is_class(state, "08") || is_class(state, "57P01") || is_class(state, "57P02") ||
           is_class(state, "57P03");
}

enum postgres_fate
postgres_fate_of(struct postgres_store *st, const PGresult *result, const char *sql, enum err *err)
{
    ExecStatusType status = PQresultStatus(result);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return FATE_DONE;
    if (is_lost(st, state)) {
        log_line(LOG_WARN, st->over ? "store.postgres_over_time" : "store.postgres_lost",
                 log_text("state", state), log_text("sql", sql));
        postgres_hang_up(st);
        return FATE_UNKNOWN;
    }
    if (is_class(state, "25006")) {
        postgres_hang_up(st);
        return FATE_NOT_RUN;
    }
    if (is_class(state, "26000")) {
        slots_clear(&st->prepared, NULL);
        return FATE_NOT_RUN;
    }
    *err = refused(st, state, sql);
    return FATE_REFUSED;
}
