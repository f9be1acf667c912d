/* SPDX-License-Identifier: Apache-2.0 */
/* A partner that reports cards lost, with a key of its own. */
#ifndef TESTS_PROTOCOLS_CARD_LOSSES_KIT_H
#define TESTS_PROTOCOLS_CARD_LOSSES_KIT_H

#include "idp/partner/registry.h"
#include "tests/protocols/http/dpop_kit.h"
#include "tests/world.h"

#define ASSERTION_FIELDS                                                                           \
    "&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"                \
    "&client_assertion=%s"
#define HER_NUMBER "identity_number=11010519491231002X"

struct reporter {
    struct holder holder;
    const char *partner_id;
};

static inline struct reporter
reporter_new(struct world *w, const char *channel)
{
    struct reporter reporter = { .holder = holder_new(w), .partner_id = "reports" };

    world_partners(
        w, arena_printf(w->arena,
                        "{\"partners\":[{\"client_id\":\"reports\",\"client_name\":\"挂失\","
                        "\"channel\":\"%s\",\"token_endpoint_auth_method\":\"private_key_jwt\","
                        "\"grant_types\":[\"client_credentials\"],\"card_loss_reports\":true,"
                        "\"jwks\":{\"keys\":[%s]}},{\"client_id\":\"legacy\","
                        "\"client_name\":\"旧\",\"client_secret\":"
                        "\"legacy-secret-0123456789-0123456789-0123456789\","
                        "\"redirect_uris\":[\"https://legacy.example/cb\"]}]}",
                        channel, reporter.holder.key.jwk));
    return reporter;
}

static inline void
reporter_posts(struct reporter *reporter, const char *fields)
{
    struct world *w = reporter->holder.w;
    const char *assertion =
        token_signed(w->arena, reporter->holder.key.key, JWS_ES256, "{\"alg\":\"ES256\"}",
                     arena_printf(w->arena,
                                  "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"" WORLD_ISSUER
                                  "\",\"jti\":\"l%d\",\"exp\":%lld}",
                                  reporter->partner_id, reporter->partner_id,
                                  ++reporter->holder.jti, (long long)world_ctx(w).now + 60));

    world_audit_mark(w);
    world_send(w, &(struct world_call) {
                      .target = "/card/losses",
                      .form = arena_printf(w->arena, "%s" ASSERTION_FIELDS, fields, assertion),
                      .without_cookies = true });
}

#endif
