/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/server.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "idp/base/log.h"
#include "idp/server/jobs.h"
#include "idp/server/mhd.h"
#include "idp/server/notify.h"
#include "idp/server/services.h"
#include "keys/secret.h"
#include "protocols/pages/page.h"

#define ADMIN_WORKERS 2
#define START_ARENA_BYTES ((size_t)64 * 1024 * 1024)

struct server {
    struct services services;
    struct key32 kek;
    struct jobs *jobs;
    struct engine *public_engine;
    struct engine *admin_engine;
};

/* The schema must fit and the keys must open before the first request is let in. */
static enum err
store_check(struct server *server)
{
    struct arena *arena = arena_new(START_ARENA_BYTES);
    struct store *store = store_open(server->services.database);
    struct ctx ctx = ctx_new(&server->services, arena, store);
    enum err err = store_schema_check(store);

    if (err != OK)
        log_line(LOG_ERROR, "server.schema", log_text("advice", "run: tongxing migrate"));
    else
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
        .tls_certificate_file = settings->server.tls_certificate_file,
        .tls_key_file = settings->server.tls_key_file,
    };

    return engine_start(&config, &server->public_engine);
}

static enum err
admin_start(struct server *server)
{
    const struct settings *settings = server->services.settings;
    const struct engine_config config = {
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
    return engine_start(&config, &server->admin_engine);
}

enum err
server_start(const struct settings *settings, struct server **out)
{
    struct server *server = calloc(1, sizeof(*server));
    enum err err;

    if (server == NULL)
        return ERR_INTERNAL;
    err = foundation_start(server, settings);
    if (err == OK)
        err = admin_start(server);
    if (err == OK)
        err = public_start(server);
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

static void
engine_end(struct engine *engine, const _Atomic(bool) *hurry)
{
    if (engine == NULL)
        return;
    engine_drain(engine, hurry);
    engine_stop(engine);
}

/* The admin listener goes last: it is there to be asked how the rest is ending. */
void
server_stop(struct server *server, const _Atomic(bool) *hurry)
{
    server->services.draining = true;
    engine_end(server->public_engine, hurry);
    engine_end(server->admin_engine, hurry);
    jobs_stop(server->jobs);
    services_close(&server->services);
    secret_wipe(&server->kek, sizeof(server->kek));
    free(server);
}

/* --- Until a signal --- */

static void
ending_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
}

/* Started only for the time of draining. Another signal sets *hurry; SIGUSR1 is our own way to end
 * it. */
static void *
impatience(void *hurry)
{
    sigset_t set;
    int signal = 0;

    ending_signals(&set);
    sigaddset(&set, SIGUSR1);
    sigwait(&set, &signal);
    if (signal != SIGUSR1)
        atomic_store((_Atomic(bool) *)hurry, true);
    return NULL;
}

static void
server_end(struct server *server)
{
    _Atomic(bool) hurry = false;
    pthread_t thread;
    bool watched = pthread_create(&thread, NULL, impatience, &hurry) == 0;

    server_stop(server, &hurry);
    if (!watched)
        return;
    pthread_kill(thread, SIGUSR1);
    pthread_join(thread, NULL);
}

enum err
server_run(const struct settings *settings)
{
    struct server *server;
    sigset_t set;
    int signal = 0;
    enum err err;

    ending_signals(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    err = server_start(settings, &server);
    if (err != OK)
        return err;
    log_line(LOG_INFO, "server.ready", log_text("issuer", settings->server.issuer),
             log_int("port", server_port(server)),
             log_int("admin_port", server_admin_port(server)));
    notify_service("READY=1");
    ending_signals(&set);
    sigwait(&set, &signal);
    log_line(LOG_INFO, "server.draining", log_int("signal", signal));
    notify_service("STOPPING=1");
    server_end(server);
    log_line(LOG_INFO, "server.ended", log_int("signal", signal));
    return OK;
}
