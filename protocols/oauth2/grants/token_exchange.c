/* SPDX-License-Identifier: Apache-2.0 */
/* grant_type=urn:ietf:params:oauth:grant-type:token-exchange (RFC 8693): what is exchanged for what. */
#include "idp/base/text.h"
#include "protocols/oauth2/grants/grants.h"

#define NONE ""

/* A row each. `requested` may be left out by who asks for an access token (2.1). */
static const struct exchange_row {
    const char *subject;
    const char *actor;
    const char *requested;
    const struct problem *(*run)(struct request *rq);
} exchanges[] = {
    { TOKEN_TYPE_ID, TOKEN_TYPE_DEVICE_SECRET, TOKEN_TYPE_ACCESS, exchange_native_sso },
    { TOKEN_TYPE_ACCESS, NONE, TOKEN_TYPE_TICKET, exchange_ticket },
    { TOKEN_TYPE_CARD_CODE, NONE, TOKEN_TYPE_ACCESS, exchange_card_code },
    { TOKEN_TYPE_CARD_CODE, TOKEN_TYPE_ACCESS, TOKEN_TYPE_ACCESS, exchange_acting_code },
    { TOKEN_TYPE_ACCESS, TOKEN_TYPE_ACCESS, TOKEN_TYPE_ACCESS, exchange_acting_approval },
    { TOKEN_TYPE_CARD_READING, TOKEN_TYPE_ACCESS, TOKEN_TYPE_ACCESS, exchange_acting_card },
    { TOKEN_TYPE_ACTING, TOKEN_TYPE_ACCESS, TOKEN_TYPE_ACCESS, exchange_acting_handle },
};

static const char *
param_or(const struct request *rq, const char *name, const char *otherwise)
{
    const char *value = param(rq, name);

    return value != NULL ? value : otherwise;
}

static const struct exchange_row *
exchange_find(const struct request *rq)
{
    const char *subject = param(rq, "subject_token_type");
    const char *actor = param_or(rq, "actor_token_type", NONE);
    const char *requested = param_or(rq, "requested_token_type", TOKEN_TYPE_ACCESS);

    for (size_t i = 0; i < sizeof(exchanges) / sizeof(exchanges[0]); i++) {
        if (text_eq(exchanges[i].subject, subject) && text_eq(exchanges[i].actor, actor) &&
            text_eq(exchanges[i].requested, requested))
            return &exchanges[i];
    }
    return NULL;
}

const struct problem *
grant_token_exchange(struct request *rq)
{
    const struct exchange_row *exchange;

    if (param(rq, "subject_token") == NULL || param(rq, "subject_token_type") == NULL)
        return &problem_exchange_missing;
    if ((param(rq, "actor_token") == NULL) != (param(rq, "actor_token_type") == NULL))
        return &problem_exchange_missing;
    exchange = exchange_find(rq);
    return exchange != NULL ? exchange->run(rq) : &problem_exchange_unsupported;
}
