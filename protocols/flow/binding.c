/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/binding.h"

#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "keys/seal.h"
#include "protocols/http/cookies.h"

#define CONTEXT "binding.1"

static const struct pack_field fields[] = {
    PACKED_TEXT(struct binding, id),
    PACKED_INT(struct binding, begun_at),
    PACKED_INT(struct binding, app),
    PACKED_TEXT(struct binding, openid),
    PACKED_TEXT(struct binding, unionid),
    PACKED_INT(struct binding, unionid_was_due),
    PACKED_TEXT(struct binding, nickname),
    PACKED_TEXT(struct binding, number),
    PACKED_TEXT(struct binding, person_id),
    PACKED_INT(struct binding, is_doubtful),
    PACKED_END,
};

struct wechat_identity
binding_identity(const struct binding *binding)
{
    return (struct wechat_identity) { .app = (enum wechat_app)binding->app,
                                      .openid = binding->openid,
                                      .unionid = binding->unionid,
                                      .unionid_was_due = binding->unionid_was_due != 0 };
}

static const char *
cookie_name(struct request *rq, const struct transaction *tx)
{
    return arena_printf(rq->arena, "bind_%s", tx->id);
}

const struct problem *
binding_keep(struct request *rq, const struct transaction *tx, struct binding *binding)
{
    const char *sealed;
    enum err err;

    binding->id = tx->id;
    binding->begun_at = tx->created_at;
    err = seal_text(&rq->ctx->keys->seal, rq->ctx->env, rq->arena, CONTEXT,
                    pack(rq->arena, fields, rq->ctx->settings->upgrade.sealed_layout, binding),
                    &sealed);
    if (err != OK)
        return problem_of(err);
    cookie_set(rq, cookie_name(rq, tx), sealed, transaction_cookie_life_s(rq->ctx));
    return NULL;
}

bool
binding_find(struct request *rq, const struct transaction *tx, struct binding *out)
{
    const char *sealed = cookie_find(rq, cookie_name(rq, tx));
    struct bytes plain;

    return sealed != NULL &&
           seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain) == OK &&
           unpack(rq->arena, fields, plain, out) == OK && text_eq(out->id, tx->id) &&
           out->begun_at == tx->created_at && out->app >= 0 && out->app < WECHAT_APPS;
}

void
binding_forget(struct request *rq, const struct transaction *tx)
{
    const char *name = cookie_name(rq, tx);

    if (cookie_find(rq, name) != NULL)
        cookie_clear(rq, name);
}
