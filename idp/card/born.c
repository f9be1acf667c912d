/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/born.h"

#include "idp/context/change.h"
#include "idp/session/grant_end.h"
#include "idp/tables/session.h"
#include "policies/card_state.h"

#define LEVEL_LEFT 1

static enum err
grants_end(struct ctx *ctx, const char *person_id, struct grant_list *page)
{
    enum err err = store_grant_list_by_method(
        ctx->store, ctx->arena,
        &(struct grants_by_method) { person_id, CARD_CHIP_METHOD, CARD_CODE_METHOD, ctx->now },
        page);

    return err == OK && page->count > 0 ? grants_end_in_change(ctx, page) : err;
}

enum err
born_of_card_end(struct ctx *ctx, const char *person_id, struct grant_list *page)
{
    enum err err = store_session_lower(ctx->store, person_id, CARD_CHIP_METHOD, LEVEL_LEFT);

    if (err == OK)
        err = store_session_lower(ctx->store, person_id, CARD_CODE_METHOD, LEVEL_LEFT);
    return err == OK ? grants_end(ctx, person_id, page) : err;
}

struct born_rest {
    const char *person_id;
    struct grant_list page;
};

static enum err
rest_end(struct ctx *ctx, void *state)
{
    struct born_rest *rest = state;

    return grants_end(ctx, rest->person_id, &rest->page);
}

/* Whoever makes a grant looks at its session once the grant is there (session_carries), so one of the two
 * sees the other. */
enum err
born_of_card_ended(struct ctx *ctx, const char *person_id, const struct grant_list *page)
{
    struct born_rest rest = { .person_id = person_id };
    enum err err;

    grants_end_apply(ctx, page);
    do {
        err = change(ctx, rest_end, &rest);
        if (err == OK)
            grants_end_apply(ctx, &rest.page);
    } while (err == OK && rest.page.count > 0);
    return err;
}
