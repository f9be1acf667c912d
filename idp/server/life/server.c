/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/server.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "idp/audit/checkpoint.h"
#include "idp/base/build.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/server/engine/mhd.h"
#include "idp/server/life/jobs.h"
#include "idp/server/life/notify.h"
#include "idp/server/life/reload.h"
#include "idp/server/life/services.h"
#include "idp/store/migrate.h"
#include "keys/kek.h"
#include "keys/secret.h"
#include "protocols/pages/page.h"

#define LABELS_BYTES 160
#define ADMIN_WORKERS 2
#define STAFF_EPOLL_THREADS 2
#define JOBS_TICK_US 5000
/* From the end of all patience to the end of the process. */
#define END_GRACE_US INT64_C(8000000)
/* Some 15 ms each: who would wait longer than a second is told at once. */
#define DIRECTORY_QUEUE 256 /* all windows sign in within minutes */
#define HASH_QUEUE 64
#define START_ARENA_BYTES ((size_t)64 * 1024 * 1024)

struct server {
    struct services services;
    struct key32 kek;
    struct jobs *jobs;
    struct engine *public_engine;
    struct engine *admin_engine;
    struct engine *staff_engine;
    char *admin_hosts;
    struct control_door *control;
};

/* The schema must fit and the keys must open before the first request is let in. */
static enum err
store_check(struct server *server)
{
    struct arena *arena = arena_new(START_ARENA_BYTES);
    struct store *store = store_open(server->services.database);
    struct ctx ctx = ctx_new(&server->services, arena, store);
    const char *why = NULL;
    enum err err = store_schema_check(store, arena, &why);

    if (why != NULL)
        log_line(err == OK ? LOG_INFO : LOG_ERROR, "store.schema", log_text("reason", why));
    if (err == OK)
        err = watch_once(&ctx, &server->kek, &(struct watch) { .started = false });
    store_close(store);
    arena_free(arena);
    return err;
}

static enum err
foundation_start(struct server *server, const struct settings *settings)
{
    const char *wrong = pages_check();
    enum err err;

    if (wrong != NULL) {
        log_line(LOG_ERROR, "server.pages", log_text("at", wrong));
        return ERR_INTERNAL;
    }
    err = services_open(&server->services, settings);
    if (err == OK)
        err = kek_read(settings->keys.encryption_key_file, &server->kek);
    if (err == OK)
        err = store_check(server);
    return err == OK ? jobs_start(&server->services, &server->kek, &server->jobs) : err;
}

static size_t
cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count > 0 ? (size_t)count : 1;
}

static enum err
public_start(struct server *server)
{
    const struct settings *settings = server->services.settings;
    const struct engine_config config = {
        .services = &server->services,
        .routes = public_routes,
        .listen = settings->server.listen,
        .epoll_threads = settings->server.epoll_threads,
        .workers = settings->server.workers,
        .queue_limit = WORKER_QUEUE_LIMIT,
        .lanes = { [LANE_HASH] = { cores(), HASH_QUEUE },
                   [LANE_BANK] = { (size_t)settings->bank.max_in_flight, 0 },
                   [LANE_SMS] = { (size_t)settings->sms.max_in_flight, 0 },
                   [LANE_CARD] = { (size_t)settings->card_bureau.max_in_flight, 0 },
                   [LANE_WECHAT] = { (size_t)settings->wechat.max_in_flight, 0 } },
        .tls_certificate_file = settings->server.tls_certificate_file,
        .tls_key_file = settings->server.tls_key_file,
        .certificate_ends = METRIC_CERTIFICATE_TLS,
    };

    return engine_start(&config, &server->public_engine);
}

/* With its port. */
static const char *
host_of(const char *origin)
{
    const char *scheme = strstr(origin, "://");

    return scheme != NULL ? scheme + 3 : origin;
}

/*
 * Threads and lanes of its own: a directory that hangs holds up no citizen. Its hashes are few, and
 * those of citizens have the cores.
 */
static enum err
staff_start(struct server *server)
{
    const struct settings *settings = server->services.settings;
    const struct engine_config config = {
        .services = &server->services,
        .routes = staff_routes,
        .listen = settings->staff.listen,
        .hosts = host_of(settings->staff.url),
        .epoll_threads = STAFF_EPOLL_THREADS,
        .workers = settings->server.workers,
        .queue_limit = WORKER_QUEUE_LIMIT,
        .lanes = { [LANE_HASH] = { 1, HASH_QUEUE },
                   [LANE_SMS] = { (size_t)settings->sms.max_in_flight, 0 },
                   [LANE_CARD] = { (size_t)settings->card_bureau.max_in_flight, 0 },
                   [LANE_DIRECTORY] = { (size_t)settings->directory.max_in_flight,
                                        DIRECTORY_QUEUE } },
        .tls_certificate_file = settings->staff.tls_certificate_file,
        .tls_key_file = settings->staff.tls_key_file,
        .certificate_ends = METRIC_CERTIFICATE_STAFF,
        .client_ca_file = settings->staff.client_ca_file,
        .networks = settings->staff.networks,
        .direct = true,
    };

    return text_is_empty(settings->staff.listen) ? OK
                                                 : engine_start(&config, &server->staff_engine);
}

static enum err
admin_start(struct server *server)
{
    const struct settings *settings = server->services.settings;
    struct engine_config config = {
        .services = &server->services,
        .routes = admin_routes,
        .listen = settings->server.admin_listen,
        .epoll_threads = 1,
        .workers = ADMIN_WORKERS,
        .queue_limit = WORKER_QUEUE_LIMIT,
        .tls_certificate_file = "",
        .tls_key_file = "",
    };

    if (*settings->server.admin_listen == '\0')
        return OK;
    if (asprintf(&server->admin_hosts, "localhost 127.0.0.1 [::1] %s %s",
                 settings->server.admin_listen, settings->server.admin_hosts) < 0)
        return ERR_UNAVAILABLE;
    config.hosts = server->admin_hosts;
    return engine_start(&config, &server->admin_engine);
}

static void
build_tell(void)
{
    char labels[LABELS_BYTES];
    unsigned build;

    snprintf(labels, sizeof(labels), "version=\"%s\",commit=\"%s\"", TONGXING_VERSION,
             build_commit);
    build = metric_series(METRIC_BUILD_INFO, labels);
    if (metric_series_read(build) == 0)
        metric_series_add(build, 1);
}

enum err
server_start(const struct settings *settings, control_answer *answer, struct server **out)
{
    struct server *server = calloc(1, sizeof(*server));
    enum err err;

    if (server == NULL)
        return ERR_INTERNAL;
    build_tell();
    err = foundation_start(server, settings);
    if (err == OK)
        err = admin_start(server);
    if (err == OK)
        err = staff_start(server);
    if (err == OK)
        err = public_start(server);
    if (err == OK && answer != NULL)
        err = control_start(&server->services, &server->kek, answer, &server->control);
    if (err != OK) {
        server_stop(server, NULL);
        return err;
    }
    *out = server;
    return OK;
}

uint16_t
server_port(const struct server *server)
{
    return engine_port(server->public_engine);
}

uint16_t
server_admin_port(const struct server *server)
{
    return server->admin_engine != NULL ? engine_port(server->admin_engine) : 0;
}

uint16_t
server_staff_port(const struct server *server)
{
    return server->staff_engine != NULL ? engine_port(server->staff_engine) : 0;
}

/* Behind what each of them is doing. */
static void
jobs_drain(struct jobs *jobs, int64_t until_us, const _Atomic(bool) *hurry)
{
    if (jobs == NULL)
        return;
    jobs_end(jobs);
    while (!jobs_have_ended(jobs) && mono_us() < until_us && (hurry == NULL || !*hurry))
        usleep(JOBS_TICK_US);
}

/*
 * All share one time. What is still waiting for the database or others outside when it is over is
 * cut off from them. The admin listener goes last: it is there to be asked how the rest is ending.
 */
void
server_stop(struct server *server, const _Atomic(bool) *hurry)
{
    int64_t drain_s =
        server->services.settings != NULL ? server->services.settings->server.drain_deadline_s : 0;
    int64_t until_us = mono_us() + drain_s * INT64_C(1000000);

    server->services.draining = true;
    control_stop(server->control);
    if (server->public_engine != NULL)
        engine_drain(server->public_engine, until_us, hurry);
    if (server->staff_engine != NULL)
        engine_drain(server->staff_engine, until_us, hurry);
    jobs_drain(server->jobs, until_us, hurry);
    if (server->jobs != NULL && jobs_have_ended(server->jobs) && (hurry == NULL || !*hurry))
        checkpoint_end(&server->services);
    services_cut(&server->services);
    if (server->public_engine != NULL)
        engine_stop(server->public_engine);
    if (server->staff_engine != NULL)
        engine_stop(server->staff_engine);
    if (server->admin_engine != NULL) {
        engine_drain(server->admin_engine, until_us, hurry);
        engine_stop(server->admin_engine);
    }
    jobs_stop(server->jobs);
    reload_end(&server->services);
    services_close(&server->services);
    secret_wipe(&server->kek, sizeof(server->kek));
    free(server->admin_hosts);
    free(server);
}

/* --- Until a signal --- */

/* What the process is told from outside. SIGUSR1 is our own way to end the thread below. */
static void
signals_watched(sigset_t *set)
{
    static const int watched[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR2, SIGUSR1 };

    sigemptyset(set);
    for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
        sigaddset(set, watched[i]);
}

/* The next signal; 0 when the time is over. */
static int
signal_wait(int64_t until_us)
{
    sigset_t set;
    int signal = -1;

    signals_watched(&set);
    errno = EINTR;
    while (signal < 0 && errno == EINTR) {
        int64_t left_us = until_us - mono_us();
        struct timespec left = { .tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000 };

        if (left_us <= 0)
            return 0;
        signal = sigtimedwait(&set, NULL, &left);
    }
    return signal > 0 ? signal : 0;
}

static void
signal_ignore(int signal, const char *reason)
{
    log_line(LOG_WARN, "server.signal_ignored", log_int("signal", signal),
             log_text("reason", reason));
}

/* While the service ends nothing is read anew. */
static int
signal_wait_ending(int64_t until_us)
{
    int signal = signal_wait(until_us);

    while (signal == SIGHUP || signal == SIGUSR2) {
        signal_ignore(signal, "the service is ending");
        signal = signal_wait(until_us);
    }
    return signal;
}

/* Nothing acknowledged is lost by this, and whoever waits for the process must not wait for ever:
 * for a name server or a disk that hangs there is no other end. */
static void
end_now(const char *reason)
{
    log_line(LOG_ERROR, "server.ended_at_once", log_text("reason", reason));
    _exit(1);
}

struct server_ending {
    _Atomic(bool) hurry;
    int64_t until_us;
};

/* Started only for the time of draining. A second signal hurries; a third, or the end of all
 * patience, ends the process. */
static void *
impatience(void *at)
{
    struct server_ending *ending = at;
    int signal = signal_wait_ending(ending->until_us);

    if (signal == SIGTERM || signal == SIGINT) {
        log_line(LOG_WARN, "server.hurried", log_int("signal", signal));
        ending->hurry = true;
        signal = signal_wait_ending(mono_us() + END_GRACE_US);
    }
    if (signal == 0)
        end_now("something could not be waited for");
    if (signal != SIGUSR1)
        end_now("told so three times");
    return NULL;
}

static void
server_end(struct server *server)
{
    struct server_ending ending = { .until_us = mono_us() + END_GRACE_US };
    pthread_t thread;
    bool watched;

    ending.until_us += server->services.settings->server.drain_deadline_s * INT64_C(1000000);
    watched = pthread_create(&thread, NULL, impatience, &ending) == 0;
    server_stop(server, &ending.hurry);
    if (!watched)
        return;
    pthread_kill(thread, SIGUSR1);
    pthread_join(thread, NULL);
}

enum err
server_reload(struct server *server, const char *config)
{
    const struct reload_engines engines = { server->public_engine, server->staff_engine };

    return reload(&server->services, &engines, config);
}

/* The manager is told when it begins, by the clock that it has too, and how it ended: a file with
 * mistakes leaves a service that is as ready as before. */
static void
reload_by_signal(struct server *server, const char *config)
{
    char state[64];

    snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)mono_us());
    notify_service(state);
    if (server_reload(server, config) == OK)
        notify_service("READY=1\nSTATUS=Serving");
    else
        notify_service("READY=1\nSTATUS=Serving with the old configuration; the log says what is "
                       "wrong with the new one");
}

/* SIGTERM or SIGINT. */
static int
end_wait(struct server *server, const char *config)
{
    int signal = 0;

    while (signal != SIGTERM && signal != SIGINT) {
        signal = signal_wait(mono_us() + INT64_C(1000000) * 3600);
        if (signal == SIGHUP)
            reload_by_signal(server, config);
        else if (signal == SIGUSR1 || signal == SIGUSR2)
            signal_ignore(signal, "it means nothing here");
    }
    return signal;
}

enum err
server_run(const struct settings *settings, const char *config, control_answer *answer)
{
    struct server *server;
    sigset_t set;
    int signal;
    enum err err;

    signals_watched(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    err = server_start(settings, answer, &server);
    if (err != OK)
        return err;
    if (settings->tests.approval_hook)
        log_line(LOG_ERROR, "tests.approval_hook",
                 log_text("warning", "approvals can be given without the person: for tests only"));
    log_line(LOG_INFO, "server.ready", log_text("issuer", settings->server.issuer),
             log_int("port", server_port(server)), log_int("admin_port", server_admin_port(server)),
             log_int("staff_port", server_staff_port(server)));
    notify_service("READY=1");
    signal = end_wait(server, config);
    log_line(LOG_INFO, "server.draining", log_int("signal", signal));
    notify_service("STOPPING=1");
    server_end(server);
    log_line(LOG_INFO, "server.ended", log_int("signal", signal));
    return OK;
}
