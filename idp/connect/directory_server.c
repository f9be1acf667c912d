/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/directory_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/env.h"
#include "idp/base/log.h"

#define SECOND_US 1000000LL

enum err
directory_server_init(struct directory_server *server, const struct settings *settings,
                      const char *url, size_t size, unsigned number)
{
    char labels[32];

    *server = (struct directory_server) { .settings = settings, .url = strndup(url, size) };
    if (server->url == NULL)
        return ERR_INTERNAL;
    pthread_mutex_init(&server->lock, NULL);
    connector_init(&server->connector, "directory", METRIC_CONNECTOR_DIRECTORY,
                   settings->directory.max_in_flight);
    snprintf(labels, sizeof(labels), "server=\"%u\"", number);
    server->is_up_series = metric_series(METRIC_DIRECTORY_SERVER_UP, labels);
    metric_series_add(server->is_up_series, 1);
    return OK;
}

void
directory_server_end(struct directory_server *server)
{
    if (server->url == NULL)
        return;
    for (size_t i = 0; i < 2; i++)
        while (server->idle[i].count > 0)
            directory_link_close(server->idle[i].at[--server->idle[i].count]);
    metric_series_add(server->is_up_series, server->is_down ? 0 : -1);
    connector_end(&server->connector);
    pthread_mutex_destroy(&server->lock);
    free(server->url);
}

/* --- Health --- */

bool
directory_server_is_aside(struct directory_server *server)
{
    int64_t now_us = mono_us();
    bool is_aside;

    pthread_mutex_lock(&server->lock);
    is_aside = server->is_down && now_us < server->aside_until_us;
    if (server->is_down && !is_aside)
        server->aside_until_us = now_us + CONNECTOR_PAUSE_S * SECOND_US;
    pthread_mutex_unlock(&server->lock);
    return is_aside;
}

bool
directory_server_is_due(struct directory_server *server)
{
    int64_t now_us = mono_us();
    bool is_due;

    pthread_mutex_lock(&server->lock);
    is_due = server->is_down && now_us >= server->aside_until_us;
    if (is_due)
        server->aside_until_us = now_us + CONNECTOR_PAUSE_S * SECOND_US;
    pthread_mutex_unlock(&server->lock);
    return is_due;
}

enum err
directory_server_enter(struct directory_server *server)
{
    return connector_enter(&server->connector);
}

void
directory_server_leave(struct directory_server *server, bool success)
{
    bool turned;

    connector_leave(&server->connector, success);
    pthread_mutex_lock(&server->lock);
    turned = server->is_down == success;
    server->is_down = !success;
    if (!success)
        server->aside_until_us = mono_us() + CONNECTOR_PAUSE_S * SECOND_US;
    pthread_mutex_unlock(&server->lock);
    if (!turned)
        return;
    metric_series_add(server->is_up_series, success ? 1 : -1);
    log_line(success ? LOG_INFO : LOG_WARN,
             success ? "directory.server_up" : "directory.server_down",
             log_text("server", server->url));
}

/* --- Connections --- */

static struct directory_link *
idle_taken(struct directory_server *server, enum directory_speaker speaker)
{
    struct directory_link *link = NULL;

    pthread_mutex_lock(&server->lock);
    if (server->idle[speaker].count > 0)
        link = server->idle[speaker].at[--server->idle[speaker].count];
    pthread_mutex_unlock(&server->lock);
    return link;
}

static struct directory_link *
idle_good(struct directory_server *server, enum directory_speaker speaker)
{
    int64_t oldest_us = mono_us() - DIRECTORY_IDLE_S * SECOND_US;
    struct directory_link *link;

    while ((link = idle_taken(server, speaker)) != NULL) {
        if (link->idle_at_us >= oldest_us && !directory_link_is_stale(link))
            return link;
        directory_link_close(link);
    }
    return NULL;
}

static void
no_link_tell(const struct directory_server *server, const char *step)
{
    log_line(LOG_WARN, "directory.no_connection", log_text("server", server->url),
             log_text("step", step));
}

/* Our own account must get in, or nothing can be asked. */
static bool
service_is_bound(struct directory_server *server, struct directory_link *link, int64_t until_us,
                 bool *refused)
{
    const struct settings *settings = server->settings;
    struct directory_said said;

    if (directory_link_bind(link, settings->directory.bind_dn, settings->directory.bind_password,
                            until_us, &said) != OK) {
        no_link_tell(server, "bind");
        return false;
    }
    if (said.code == LDAP_SUCCESS && said.policy == PP_noError)
        return true;
    *refused = true;
    log_line(LOG_ERROR, "directory.refuses_us", log_text("server", server->url),
             log_int("code", said.code), log_int("policy", said.policy));
    return false;
}

static struct directory_link *
link_made(struct directory_server *server, enum directory_speaker speaker, int64_t until_us,
          bool *refused)
{
    const char *step;
    struct directory_link *link =
        directory_link_open(server->url, server->settings->directory.ca_file, until_us, &step);

    if (link == NULL) {
        no_link_tell(server, step);
        return NULL;
    }
    if (speaker == DIRECTORY_SERVICE && !service_is_bound(server, link, until_us, refused)) {
        directory_link_close(link);
        return NULL;
    }
    return link;
}

struct directory_link *
directory_server_link(struct directory_server *server, enum directory_speaker speaker, bool fresh,
                      int64_t until_us, bool *refused)
{
    struct directory_link *link = fresh ? NULL : idle_good(server, speaker);

    if (link != NULL)
        link->reused = true;
    return link != NULL ? link : link_made(server, speaker, until_us, refused);
}

void
directory_server_keep(struct directory_server *server, enum directory_speaker speaker,
                      struct directory_link *link)
{
    bool kept = false;

    if (!link->broken) {
        link->idle_at_us = mono_us();
        pthread_mutex_lock(&server->lock);
        kept = server->idle[speaker].count < DIRECTORY_IDLE_MAX;
        if (kept)
            server->idle[speaker].at[server->idle[speaker].count++] = link;
        pthread_mutex_unlock(&server->lock);
    }
    if (!kept)
        directory_link_close(link);
}
