/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_provider.h"

#include "idp/base/text.h"
#include "tests/sims/kit_token.h"

#define ASSERTION_TYPE "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"

json_t *
provider_load(struct arena *arena, const struct partner_site *partner)
{
    json_t *provider = call_json(
        arena,
        &(struct sim_call) {
            .url = arena_printf(arena, "%s/.well-known/openid-configuration", partner->issuer) });

    if (text_eq(claim_string(provider, "issuer"), partner->issuer))
        return provider;
    json_decref(provider);
    return NULL;
}

json_t *
provider_keys(struct arena *arena, const json_t *provider)
{
    return call_json(arena, &(struct sim_call) { .url = claim_string(provider, "jwks_uri") });
}

void
partner_proves(struct arena *arena, const struct partner_site *partner, struct buf *form,
               struct sim_call *call)
{
    if (partner->key == NULL) {
        call->user_name = partner->client_id;
        call->password = partner->client_secret;
        return;
    }
    buf_text(form, "&client_assertion_type=" ASSERTION_TYPE "&client_assertion=");
    buf_text(form, jose_assertion(arena, partner->key, partner->client_id, partner->issuer));
}
