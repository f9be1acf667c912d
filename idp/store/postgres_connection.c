/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <string.h>

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

/*
 * What stands before the URL may be set otherwise by it, what stands behind may not: of two values
 * libpq takes the later one. The URL may name several hosts; the one that can be written to is
 * taken.
 */
enum err
postgres_dial(const char *url, PGconn **out)
{
    static const char *const names[] = { "connect_timeout",           "tcp_user_timeout",
                                         "keepalives_idle",           "keepalives_interval",
                                         "keepalives_count",          "target_session_attrs",
                                         "fallback_application_name", "dbname",
                                         "client_encoding",           NULL };
    const char *const values[] = { "3",          "10000",    "10", "5",    "3",
                                   "read-write", "tongxing", url,  "UTF8", NULL };
    PGconn *connection = PQconnectdbParams(names, values, 1);

    if (PQstatus(connection) != CONNECTION_OK) {
        log_line(LOG_ERROR, "store.postgres_connect",
                 log_text("reason", PQerrorMessage(connection)));
        PQfinish(connection);
        return ERR_UNAVAILABLE;
    }
    PQsetNoticeReceiver(connection, ignore_notice, NULL);
    *out = connection;
    return OK;
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
    return postgres_dial(((struct postgres_database *)st->base.db)->url, &st->connection);
}

/* Of a URL that it cannot read libpq quotes the very part that it stumbled over, which may be the
 * password. */
enum err
postgres_check_url(const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);

    if (options == NULL) {
        log_line(LOG_ERROR, "store.url", log_text("reason", "not a PostgreSQL URL"));
        return ERR_INVALID;
    }
    PQconninfoFree(options);
    return OK;
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
postgres_check_server(PGconn *connection)
{
    PGresult *result = PQexec(connection, "SELECT current_setting('server_encoding'), "
                                          "current_setting('fsync'), "
                                          "current_setting('synchronous_commit')");
    enum err err = ERR_UNAVAILABLE;

    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        err = check_settings(result);
    PQclear(result);
    return err;
}
