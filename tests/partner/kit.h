/* SPDX-License-Identifier: Apache-2.0 */
/* Partners files, applied or only planned. */
#ifndef TESTS_PARTNER_KIT_H
#define TESTS_PARTNER_KIT_H

#include <string.h>

#include "idp/partner/apply.h"
#include "idp/partner/registry.h"
#include "tests/world.h"

#define ONE(id, more)                                                                              \
    "{\"client_id\":\"" id "\",\"client_name\":\"名\",\"client_name#en\":\"Name\","               \
    "\"channel\":\"web\",\"redirect_uris\":[\"https://" id ".example/cb\"],"                       \
    "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid\"" more "}"
#define FILE_OF(elements) "{\"partners\":[" elements "]}"
#define BASIC ",\"token_endpoint_auth_method\":\"client_secret_basic\""
#define HMAC                                                                                       \
    ",\"token_endpoint_auth_method\":\"client_secret_jwt\",\"token_endpoint_auth_signing_alg\":"   \
    "\"HS256\""
#define PUBLIC ",\"token_endpoint_auth_method\":\"none\""
#define SECRET "0123456789-0123456789-0123456789-01"

static inline enum err
apply_bytes(struct world *w, struct bytes json, bool plan, const char **report)
{
    struct ctx ctx = world_ctx(w);
    struct buf out = buf_new(w->arena, 1024);
    struct partner_order order = { .plan = plan };
    enum err err = partner_apply(&ctx, json, &order, &out);

    /* As an operator who means it. */
    if (err == ERR_REFUSED) {
        out = buf_new(w->arena, 1024);
        order.may_remove = order.removed;
        err = partner_apply(&ctx, json, &order, &out);
    }
    *report = out.at;
    if (err == OK && !plan)
        assert_int_equal(registry_load(&ctx), OK);
    return err;
}

static inline const char *
applied(struct world *w, const char *json)
{
    const char *report;

    if (apply_bytes(w, bytes_of_text(json), false, &report) != OK)
        fail_msg("refused: %s", report);
    return report;
}

static inline const char *
planned(struct world *w, const char *json)
{
    const char *report;

    assert_int_equal(apply_bytes(w, bytes_of_text(json), true, &report), OK);
    return report;
}

static inline void
assert_file_refused(struct world *w, const char *json, const char *words)
{
    int64_t rows = world_rows(w);
    const char *report;

    world_audit_mark(w);
    assert_int_equal(apply_bytes(w, bytes_of_text(json), false, &report), ERR_INVALID);
    if (strstr(report, words) == NULL)
        fail_msg("says: %s", report);
    assert_int_equal(world_rows(w), rows);
    assert_audited(w, AUDIT_PARTNER_REJECTED, "registration");
}

static inline const struct partner *
partner_of(struct world *w, const char *id)
{
    return registry_find(w->services.registry, id);
}

#endif
