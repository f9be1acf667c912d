/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_acting.h"

#include <stdlib.h>

#include "idp/base/text.h"
#include "tests/sims/kit_provider.h"
#include "tests/sims/kit_token.h"

#define TYPE "urn:ietf:params:oauth:token-type:access_token"

static json_t *
token_exchanged(struct arena *arena, const struct partner_site *partner, const char *access_token,
                const char *handle)
{
    struct buf form = buf_new(arena, 4096);
    struct sim_call call = { .url = arena_printf(arena, "%s/oauth2/token", partner->issuer) };

    buf_text(&form, "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
                    "&subject_token_type=urn:hrss:params:oauth:token-type:acting&subject_token=");
    buf_url(&form, handle);
    buf_text(&form, "&actor_token_type=" TYPE "&actor_token=");
    buf_url(&form, access_token);
    partner_proves(arena, partner, &form, &call);
    call.form = form.at;
    return call_json(arena, &call);
}

const char *
acting_exchanged(struct arena *arena, const struct partner_site *partner, const char *access_token,
                 const char *handle)
{
    json_t *tokens = token_exchanged(arena, partner, access_token, handle);
    json_t *told = NULL;
    char *line;
    const char *kept = NULL;

    if (tokens != NULL)
        told = call_json(arena, &(struct sim_call) {
                                    .url = arena_printf(arena, "%s/oidc/userinfo", partner->issuer),
                                    .bearer = claim_string(tokens, "access_token") });
    line = told != NULL ? json_dumps(told, JSON_COMPACT) : NULL;
    if (line != NULL)
        kept = arena_text(arena, line);
    free(line);
    json_decref(told);
    json_decref(tokens);
    return kept;
}

void
put_acting(struct site_page *page, const char *line)
{
    static const struct words name = { { "办事人", "Citizen" } };
    static const struct words sub = { { "办事人标识 sub", "sub" } };
    static const struct words act = { { "代办人标识 act.sub", "act.sub" } };
    static const struct words counter = { { "窗口", "Counter" } };
    static const struct words business = { { "业务", "Business" } };
    static const struct words reason = { { "原因", "Reason" } };
    json_t *told = line != NULL ? json_loads(line, 0, NULL) : NULL;
    const json_t *actor = json_object_get(told, "act");

    if (told == NULL)
        return;
    site_put(page, "<section class=\"card\" id=\"acting\" role=\"status\"><h2>");
    site_words(page, "正在为办事人代办", "You act for a citizen");
    site_put(page, "</h2><dl>");
    site_fact(page, "acting-name", &name, claim_string(told, "name"));
    site_fact(page, "acting-sub", &sub, claim_string(told, "sub"));
    site_fact(page, "acting-act", &act, claim_string(actor, "sub"));
    site_fact(page, "acting-counter", &counter, claim_string(actor, "counter"));
    site_fact(page, "acting-business", &business, claim_string(told, "business"));
    site_fact(page, "acting-reason", &reason, claim_string(told, "reason"));
    site_put(page, "</dl><p class=\"why\">");
    site_words(
        page, "令牌同时写明两人，只限这项业务，15 分钟后或窗口锁定时失效。",
        "The token names both, is for this business alone, and ends after 15 minutes or when the counter is locked.");
    site_put(page, "</p></section>");
    json_decref(told);
}
