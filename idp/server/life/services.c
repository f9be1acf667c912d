/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/services.h"

#include <stdatomic.h>

#include "idp/audit/lanes.h"
#include "idp/audit/sampler.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/snapshot.h"
#include "idp/base/text.h"
#include "idp/connect/bank_unionpay.h"
#include "idp/connect/directory.h"
#include "idp/connect/https.h"
#include "idp/connect/physical_card.h"
#include "idp/connect/sms.h"
#include "idp/connect/wechat.h"
#include "idp/context/bell.h"
#include "idp/partner/registry.h"
#include "idp/server/config/config_told.h"
#include "idp/server/engine/certificate.h"
#include "idp/server/life/resting.h"
#include "idp/session/fresh.h"
#include "idp/session/poll.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "idp/staff/groups.h"

#define GROUPS_BYTES ((size_t)8 * 1024 * 1024) /* of the file, while it is read */

/* Who asked has gone when the request's time is over. */
static struct database_bounds
bounds_of(const struct settings *settings)
{
    int64_t request_s = settings->server.request_deadline_s;
    int64_t statement_s = settings->store.statement_timeout_s;

    return (struct database_bounds) {
        .statement_s = statement_s < request_s ? statement_s : request_s,
        .connect_s = settings->store.connect_timeout_s,
    };
}

enum err
services_open_store(struct services *services, const struct settings *settings)
{
    struct database_bounds bounds = bounds_of(settings);
    int64_t run;
    enum err err;

    *services = (struct services) { .settings = settings,
                                    .settings_at_start = settings,
                                    .env = env_machine(),
                                    .hash = &password_cost,
                                    .settings_tell = config_told };
    services->registry = registry_new();
    services->revocations = revocations_new();
    services->fresh = fresh_new();
    services->polls = polls_new();
    services->sampler = sampler_new();
    err = lanes_run_new(services->env, &run);
    if (err != OK)
        return err;
    services->lanes = lanes_new(run, env_now(services->env));
    return database_open(settings->store.url, &bounds, &services->database);
}

/* One that cannot be read the bank's own start tells of. */
static void
certificate_tell(const char *file)
{
    struct certificate *certificate;
    const char *why;

    if (certificate_open(file, NULL, &certificate, &why) != OK)
        return;
    metric_tell(METRIC_CERTIFICATE_BANK, certificate_facts(certificate).ends, 0);
    certificate_free(certificate);
}

static enum err
groups_open(struct services *services)
{
    struct arena *arena = arena_new(GROUPS_BYTES);
    const char *why;
    enum err err = staff_groups_open(arena, services->settings_at_start->staff.groups_file,
                                     &services->staff_groups, &why);

    if (err == ERR_INVALID)
        log_line(LOG_ERROR, "staff.groups_unusable", log_text("error", why));
    arena_free(arena);
    return err;
}

static enum err
connectors_open(struct services *services)
{
    enum err err;

    services->https = https_new(services->settings_at_start);
    if (services->https == NULL)
        return ERR_INTERNAL;
    err = bank_new(services->settings_at_start, services->https, &services->bank);
    if (err != OK) {
        log_line(LOG_ERROR, "bank.unusable", log_text("error", err_name(err)));
        return err;
    }
    if (!text_is_empty(services->settings_at_start->bank.url))
        certificate_tell(services->settings_at_start->bank.certificate_file);
    err = card_bureau_new(services->settings_at_start, services->https, services->env,
                          &services->card_bureau);
    if (err != OK)
        return err;
    err = sms_new(services->settings_at_start, services->https, services->env, &services->sms);
    if (err != OK)
        return err;
    err = wechat_new(services->settings_at_start, services->https, &services->wechat);
    if (err != OK)
        return err;
    err = directory_new(services->settings_at_start, services->env, &services->directory);
    return err == OK ? groups_open(services) : err;
}

enum err
services_open(struct services *services, const struct settings *settings)
{
    enum err err = services_open_store(services, settings);

    if (err == OK)
        err = env_random(services->env, services->readiness.row.bytes,
                         sizeof(services->readiness.row.bytes));
    if (err == OK)
        err = bell_new(&services->outbox);
    if (err == OK)
        services->resting = resting_new();
    return err == OK ? connectors_open(services) : err;
}

void
services_cut(struct services *services)
{
    if (services->database != NULL)
        database_cut(services->database);
    if (services->https != NULL)
        https_cut(services->https);
}

void
services_close(struct services *services)
{
    bell_free(services->outbox);
    staff_groups_free(services->staff_groups);
    directory_free(services->directory);
    wechat_free(services->wechat);
    resting_free(services->resting);
    sms_free(services->sms);
    card_bureau_free(services->card_bureau);
    bank_free(services->bank);
    https_free(services->https);
    sampler_free(services->sampler);
    lanes_free(services->lanes);
    fresh_free(services->fresh);
    polls_free(services->polls);
    revocations_free(services->revocations);
    registry_free(services->registry);
    keyring_free((struct keyring *)atomic_exchange(&services->keys, NULL));
    if (services->database == NULL) /* nothing was read, so nothing has been replaced */
        return;
    snapshot_sweep(true);
    database_close(services->database);
}
