/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "idp/base/text.h"
#include "idp/server/config/config.h"
#include "idp/server/config/issuer.h"
#include "idp/server/engine/listen.h"
#include "policies/message.h"
#include "policies/network.h"
#include "policies/redirect.h"

static bool
host_is_loopback(const char *issuer)
{
    static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
    const char *authority = strstr(issuer, "://") + 3;
    size_t size = strcspn(authority, "/");

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t length = strlen(names[i]);

        if (size >= length && strncmp(authority, names[i], length) == 0 &&
            (size == length || authority[length] == ':'))
            return true;
    }
    return false;
}

static const char *
issuer_problem(const struct settings *settings)
{
    const char *problem = issuer_check(settings->server.issuer);

    if (problem == NULL && !settings->server.issuer_is_https &&
        !host_is_loopback(settings->server.issuer))
        problem = "server.issuer must be https: plain http is for a loopback host only.";
    return problem;
}

static const char *
proxies_problem(struct arena *arena, const struct settings *settings)
{
    struct networks networks;
    size_t size;
    const char *wrong = networks_read(settings->server.trusted_proxies, &size, &networks);

    if (wrong == NULL)
        return NULL;
    if (networks.count == NETWORKS_MAX)
        return arena_printf(arena, "server.trusted_proxies has room for %d networks.",
                            NETWORKS_MAX);
    return arena_printf(arena,
                        "server.trusted_proxies: \"%.*s\" is no address (10.0.0.2) and no network "
                        "(10.0.0.0/8); words are separated by spaces.",
                        (int)size, wrong);
}

static const char *
listen_named_problem(struct arena *arena, const char *name, const char *addresses)
{
    const char *problem = listen_problem(arena, addresses);

    return problem != NULL ? arena_printf(arena, "%s %s", name, problem) : NULL;
}

static const char *
listeners_problem(struct arena *arena, const struct settings *settings)
{
    const char *problem = listen_named_problem(arena, "server.listen", settings->server.listen);

    if (problem == NULL && *settings->server.admin_listen != '\0')
        problem = listen_named_problem(arena, "server.admin_listen", settings->server.admin_listen);
    return problem;
}

/* Plain http carries an https issuer's secrets only from a proxy on this machine. */
static const char *
tls_problem(const struct settings *settings)
{
    bool has_certificate = *settings->server.tls_certificate_file != '\0';

    if (has_certificate != (*settings->server.tls_key_file != '\0'))
        return "server.tls_certificate_file and server.tls_key_file belong together.";
    if (has_certificate || !settings->server.issuer_is_https)
        return NULL;
    if (!listen_is_loopback(settings->server.listen) || *settings->server.trusted_proxies == '\0')
        return "server.listen speaks plain http: give tls_certificate_file and tls_key_file, "
               "or listen on loopback behind a proxy named in trusted_proxies.";
    return NULL;
}

static const char *
choice_problem(const struct settings *settings)
{
    if (!text_list_has("debug info warn error", settings->log.level))
        return "log.level must be debug, info, warn or error.";
    if (settings->keys.announce_s >= settings->keys.rotation_s)
        return "keys.announce_s must be shorter than keys.rotation_s.";
    if (settings->life.session_idle_s > settings->life.session_absolute_s)
        return "life.session_idle_s must not be longer than life.session_absolute_s.";
    if (!text_starts(settings->store.url, "sqlite:") &&
        !text_starts(settings->store.url, "postgresql://"))
        return "store.url must start with sqlite: or postgresql://.";
    return NULL;
}

static const char *
limit_problem(const struct settings *settings)
{
    if (settings->limits.password_wait_s > settings->limits.password_wait_most_s)
        return "limits.password_wait_s must not be longer than limits.password_wait_most_s.";
    if (settings->limits.codes_wait_s > settings->limits.codes_wait_most_s)
        return "limits.codes_wait_s must not be longer than limits.codes_wait_most_s.";
    if (settings->limits.codes_strangers_free > settings->limits.codes_strangers_day ||
        settings->limits.codes_strangers_day > settings->limits.codes_phone_day)
        return "limits.codes_strangers_free, codes_strangers_day and codes_phone_day "
               "must not decrease.";
    if (settings->audit.keep_changes_s != 0 &&
        settings->audit.keep_changes_s < settings->audit.keep_refusals_s)
        return "audit.keep_changes_s must be 0 or not shorter than audit.keep_refusals_s.";
    return NULL;
}

static const char *
discovery_problem(struct arena *arena, const struct settings *settings)
{
    const struct {
        const char *key;
        const char *address;
    } addresses[] = {
        { "service_documentation", settings->discovery.service_documentation },
        { "op_policy_uri", settings->discovery.op_policy_uri },
        { "op_tos_uri", settings->discovery.op_tos_uri },
    };

    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        if (*addresses[i].address != '\0' && !redirect_uri_registrable(addresses[i].address, false))
            return arena_printf(arena,
                                "discovery.%s must be a plain https address (http on this machine "
                                "only).",
                                addresses[i].key);
    }
    return NULL;
}

const char *
config_advice(const struct settings *settings)
{
    if (settings->errors.explain && !host_is_loopback(settings->server.issuer))
        return "errors.explain is on under an issuer that others reach: partners are told which "
               "check failed, and so is whoever guesses. Right for a sandbox, wrong where real "
               "people log in.";
    return NULL;
}

enum err
config_check(struct arena *arena, const struct settings *settings, const char **why)
{
    *why = issuer_problem(settings);
    if (*why == NULL)
        *why = proxies_problem(arena, settings);
    if (*why == NULL)
        *why = listeners_problem(arena, settings);
    if (*why == NULL)
        *why = tls_problem(settings);
    if (*why == NULL)
        *why = choice_problem(settings);
    if (*why == NULL)
        *why = limit_problem(settings);
    if (*why == NULL)
        *why = discovery_problem(arena, settings);
    if (*why == NULL)
        *why = message_settings_check(arena, settings);
    return *why == NULL ? OK : ERR_INVALID;
}
