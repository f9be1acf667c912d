/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/mhd.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/server/engine/acceptor.h"
#include "idp/server/engine/handler.h"
#include "idp/server/engine/listen.h"
#include "idp/server/engine/tally.h"
#include "idp/server/engine/tickets.h"
#include "idp/server/engine/work.h"
#include "idp/server/engine/yield.h"

#define SECOND_US INT64_C(1000000)
#define REAPER_TICK_MS 200
#define DRAIN_TICK_US 5000
#define SUSPENDED_MAX_US (5 * SECOND_US)
#define LAST_ANSWERS_US (SECOND_US / 2)
#define CONNECTION_MEMORY 32768
#define THREAD_STACK (1U << 20)

/* BCP 195: TLS 1.3 and 1.2, ephemeral keys of elliptic curves, AEAD only. */
#define TLS_PRIORITIES                                                                             \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:"      \
    "+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:-SHA1:"                                          \
    "-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:%SERVER_PRECEDENCE"

static void engine_log(void *cls, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
engine_log(void *cls, const char *format, va_list args)
{
    char line[256];

    (void)cls;
    vsnprintf(line, sizeof(line), format, args);
    line[strcspn(line, "\n")] = '\0';
    log_line(LOG_DEBUG, "http.engine", log_text("line", line));
}

/* --- Clients and jobs that are over their time --- */

static const enum metric lane_loads[LANE_COUNT] = {
    [LANE_HASH] = METRIC_LANE_HASH_LOAD,     [LANE_BANK] = METRIC_LANE_BANK_LOAD,
    [LANE_SMS] = METRIC_LANE_SMS_LOAD,       [LANE_CARD] = METRIC_LANE_CARD_LOAD,
    [LANE_WECHAT] = METRIC_LANE_WECHAT_LOAD, [LANE_DIRECTORY] = METRIC_LANE_DIRECTORY_LOAD,
};

/* Two engines share the gauges, so each adds what has changed. */
static void
loads_tell(struct engine *engine)
{
    int64_t waiting = (int64_t)workers_waiting(engine->workers);

    metric_add(METRIC_HTTP_QUEUE, waiting - engine->queue_told);
    engine->queue_told = waiting;
    for (size_t i = 0; i < LANE_COUNT; i++) {
        int64_t load = engine->lanes[i] != NULL ? (int64_t)workers_load(engine->lanes[i]) : 0;

        metric_add(lane_loads[i], load - engine->lanes_told[i]);
        engine->lanes_told[i] = load;
    }
}

static void
expire(struct engine *engine, int64_t before_us)
{
    workers_expire(engine->workers, before_us);
    for (size_t i = 0; i < LANE_COUNT; i++)
        if (engine->lanes[i] != NULL)
            workers_expire(engine->lanes[i], before_us);
}

static void *
reap(void *at)
{
    struct engine *engine = at;
    int64_t deadline_us = engine->settings->server.request_deadline_s * SECOND_US;
    struct pollfd stop = { .fd = engine->stop_fd, .events = POLLIN };

    while (poll(&stop, 1, REAPER_TICK_MS) <= 0) {
        int64_t now_us = mono_us();

        metric_add(METRIC_HTTP_SLOW_CUT, connections_cut(engine->connections, now_us));
        expire(engine, now_us - deadline_us);
        loads_tell(engine);
    }
    return NULL;
}

static enum err
reaper_start(struct engine *engine)
{
    engine->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (engine->stop_fd < 0)
        return ERR_INTERNAL;
    if (pthread_create(&engine->reaper, NULL, reap, engine) != 0) {
        close(engine->stop_fd);
        engine->stop_fd = -1;
        return ERR_INTERNAL;
    }
    return OK;
}

static void
reaper_stop(struct engine *engine)
{
    if (engine->stop_fd < 0)
        return;
    eventfd_write(engine->stop_fd, 1);
    pthread_join(engine->reaper, NULL);
    close(engine->stop_fd);
}

/* --- Start --- */

static struct gnutls_session_int *
engine_session(struct MHD_Connection *mhd)
{
    return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session;
}

static bool
engine_has_tls(const struct engine *engine)
{
    return *engine->config.tls_certificate_file != '\0';
}

/* A client that is asked for its certificate shows it anew in each connection. */
static void
session_prepare(struct engine *engine, struct gnutls_session_int *session)
{
    certificate_offer(&engine->certificate, session);
    if (engine->client_authorities != NULL)
        client_certificate_judge(session);
    else
        tickets_offer(engine->tickets, session);
}

static void
on_connection(void *cls, struct MHD_Connection *mhd, void **at,
              enum MHD_ConnectionNotificationCode code)
{
    struct engine *engine = cls;
    int64_t deadline_us = mono_us() + engine->settings->server.header_deadline_s * SECOND_US;

    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        connection_end(engine, *at);
        return;
    }
    if (engine_has_tls(engine))
        session_prepare(engine, engine_session(mhd));
    *at = connection_add(
        engine->connections,
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr, deadline_us);
}

static enum err
daemon_start(struct engine *engine)
{
    const struct settings *settings = engine->settings;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     MHD_USE_TURBO | MHD_USE_NO_LISTEN_SOCKET;
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_CERT_CALLBACK, 0, certificate_callback() },
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES },
        { engine->client_authorities != NULL ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0,
          engine->client_authorities },
        { MHD_OPTION_END, 0, NULL },
    };

    if (engine_has_tls(engine))
        flags |= MHD_USE_TLS;
    engine->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, engine, MHD_OPTION_EXTERNAL_LOGGER, engine_log, engine,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, engine, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, engine, MHD_OPTION_URI_LOG_CALLBACK, on_request_line, engine,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)engine->config.epoll_threads,
        MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_IN_ENGINE(settings->server.connection_limit),
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)KEEP_ALIVE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, engine_has_tls(engine) ? MHD_OPTION_ARRAY : MHD_OPTION_END,
        tls, MHD_OPTION_END);
    return engine->daemon != NULL ? OK : ERR_UNAVAILABLE;
}

static enum err
client_authorities_start(struct engine *engine)
{
    const char *file = engine->config.client_ca_file;
    const char *why = NULL;
    enum err err;

    if (text_is_empty(file))
        return OK;
    err = client_authorities_read(file, &engine->client_authorities, &why);
    if (err != OK)
        log_line(LOG_ERROR, "server.authorities_refused", log_text("file", file),
                 log_text("reason", why));
    return err;
}

static enum err
tls_start(struct engine *engine)
{
    struct certificate *certificate;
    enum err err = engine_read_certificate(engine->config.tls_certificate_file,
                                           engine->config.tls_key_file, &certificate);

    if (err != OK)
        return err;
    engine_show_certificate(engine, certificate);
    err = client_authorities_start(engine);
    return err == OK ? tickets_new(&engine->tickets) : err;
}

static enum err
listener_start(struct engine *engine)
{
    enum err err = engine_has_tls(engine) ? tls_start(engine) : OK;
    struct listening listening;

    if (err == OK)
        err = daemon_start(engine);
    if (err == OK)
        err = listen_open(engine->config.listen, &listening);
    if (err == OK) {
        engine->port = listening.port;
        err = acceptor_start(&listening, engine->daemon, engine->connections, &engine->acceptor);
    }
    if (err != OK)
        log_line(LOG_ERROR, "server.engine_failed", log_text("address", engine->config.listen));
    return err;
}

static enum err
lanes_start(struct engine *engine)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < LANE_COUNT; i++) {
        const struct worker_config config = {
            .threads = engine->config.lanes[i].threads,
            .queue_limit = engine->config.lanes[i].queue_limit,
            .begin = i == LANE_HASH ? thread_yields : NULL,
            .run = work_ask,
            .expire = work_expire,
            .end = work_end,
            .drop = work_drop,
        };

        if (config.threads > 0)
            err = workers_start(&config, &engine->lanes[i]);
    }
    return err;
}

/* ERR_INVALID: a configuration that was checked has none such. */
static enum err
networks_start(struct engine *engine)
{
    size_t size;

    if (text_is_empty(engine->config.networks))
        return OK;
    return networks_read(engine->config.networks, &size, &engine->networks) == NULL ? OK
                                                                                    : ERR_INVALID;
}

static enum err
parts_start(struct engine *engine)
{
    const struct worker_config workers = {
        .threads = (size_t)engine->config.workers,
        .queue_limit = engine->config.queue_limit,
        .database = engine->config.services->database,
        .run = work_run,
        .expire = work_expire,
        .end = work_end,
    };
    enum err err =
        connections_new(engine->settings, engine->config.services->env, &engine->connections);

    if (err == OK)
        err = networks_start(engine);
    if (err == OK) {
        engine->tally = tally_new(engine->config.routes);
        err = engine->tally != NULL ? OK : ERR_INTERNAL;
    }
    if (err == OK)
        err = workers_start(&workers, &engine->workers);
    if (err == OK)
        err = lanes_start(engine);
    if (err == OK)
        err = reaper_start(engine);
    if (err == OK)
        err = listener_start(engine);
    return err;
}

enum err
engine_start(const struct engine_config *config, struct engine **out)
{
    struct engine *engine = calloc(1, sizeof(*engine));
    enum err err;

    if (engine == NULL)
        return ERR_INTERNAL;
    engine->config = *config;
    engine->settings = config->services->settings;
    engine->stop_fd = -1;
    err = parts_start(engine);
    if (err != OK) {
        engine_stop(engine);
        return err;
    }
    *out = engine;
    return OK;
}

enum err
engine_read_certificate(const char *certificate_file, const char *key_file,
                        struct certificate **out)
{
    const char *why = NULL;
    enum err err = certificate_open(certificate_file, key_file, out, &why);

    if (err != OK)
        log_line(LOG_ERROR, "server.certificate_refused", log_text("certificate", certificate_file),
                 log_text("key", key_file), log_text("reason", why));
    return err;
}

void
engine_show_certificate(struct engine *engine, struct certificate *certificate)
{
    metric_tell(engine->config.certificate_ends, certificate_facts(certificate).ends, 0);
    certificate_show(&engine->certificate, certificate);
}

uint16_t
engine_port(const struct engine *engine)
{
    return engine->port;
}

/* --- End --- */

/* libmicrohttpd aborts when it is stopped with a connection suspended; who does not read our answer
 * is waited for a moment only. */
static bool
may_stop(const struct engine *engine, int64_t waited_us)
{
    return engine->under_way <= 0 || waited_us > SUSPENDED_MAX_US ||
           (engine->suspended <= 0 && waited_us > LAST_ANSWERS_US);
}

void
engine_drain(struct engine *engine, int64_t until_us, const _Atomic(bool) *hurry)
{
    int64_t began_us;

    engine->draining = true;
    acceptor_stop(engine->acceptor);
    engine->acceptor = NULL;
    while (engine->under_way > 0 && mono_us() < until_us && (hurry == NULL || !*hurry))
        usleep(DRAIN_TICK_US);
    began_us = mono_us();
    while (!may_stop(engine, mono_us() - began_us)) {
        expire(engine, INT64_MAX);
        usleep(DRAIN_TICK_US);
    }
}

static void
lanes_do(struct engine *engine, void (*what)(struct workers *lane))
{
    for (size_t i = 0; i < LANE_COUNT; i++)
        if (engine->lanes[i] != NULL)
            what(engine->lanes[i]);
}

void
engine_stop(struct engine *engine)
{
    acceptor_stop(engine->acceptor);
    reaper_stop(engine);
    lanes_do(engine, workers_close); /* their last jobs go on to the workers, who may still ask */
    if (engine->workers != NULL)
        workers_close(engine->workers);
    if (engine->daemon != NULL) /* a connection that was kept may ask until then, and is told no */
        MHD_stop_daemon(engine->daemon);
    if (engine->workers != NULL)
        workers_stop(engine->workers);
    lanes_do(engine, workers_stop);
    tickets_free(engine->tickets);
    free(engine->client_authorities);
    certificate_free(atomic_load(&engine->certificate.now));
    connections_free(engine->connections);
    tally_free(engine->tally);
    free(engine);
}
