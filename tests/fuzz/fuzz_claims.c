/* SPDX-License-Identifier: Apache-2.0 */
/* The claims parameter and the scope list: bounded whatever comes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "idp/base/arena.h"
#include "idp/base/json.h"
#include "policies/assurance.h"
#include "policies/claim_rule.h"
#include "policies/claims.h"
#include "policies/detail.h"
#include "policies/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REGISTERED "openid profile phone realname"

/* What verified_claims is answered from, in small. */
static struct detail *
tree(struct arena *arena)
{
    struct detail *root = detail_new(arena, DETAIL_OBJECT, NULL);
    struct detail *verification = detail_add(arena, root, DETAIL_OBJECT, "verification");
    struct detail *claims = detail_add(arena, root, DETAIL_OBJECT, "claims");
    struct detail *list;

    verification->flags = DETAIL_BRIEF;
    detail_add_text(arena, verification, "trust_framework", "cn_hrss");
    verification->last->flags = DETAIL_ALWAYS;
    detail_add_time(arena, verification, "time", 1);
    list = detail_add(arena, verification, DETAIL_LIST, "evidence");
    detail_add_text(arena, detail_add(arena, list, DETAIL_OBJECT, NULL), "type", "document");
    claims->flags = DETAIL_ALWAYS | DETAIL_SINGLY;
    detail_add_text(arena, claims, "name", "n");
    return root;
}

/* Whatever fits is told as sound JSON. */
static void
must_be_told(struct arena *arena, const json_t *wish)
{
    const struct detail *root = tree(arena);
    struct buf out = buf_new(arena, 256);

    if (json_is_array(wish))
        wish = json_array_get(wish, 0);
    if (!detail_fits(root, wish, 1000))
        return;
    detail_emit(root, wish, 1000, &out);
    if (json_read(arena, buf_view(&out)) == NULL)
        abort();
}

static void
must_be_bounded(struct arena *arena, const struct claims_wanted *side)
{
    if (side->count > CLAIMS_WANTED_MAX)
        abort();
    for (size_t i = 0; i < side->count; i++) {
        if (side->list[i].name == NULL || side->list[i].wish == NULL)
            abort();
        must_be_told(arena, side->list[i].wish);
    }
}

/* Nothing is granted that no registered scope carries. */
static void
must_be_below_the_ceiling(struct arena *arena, const struct claims_request *request)
{
    const char *granted = claims_granted(arena, request, REGISTERED, "openid");

    if ((claims_singly(granted) & ~claims_carried(REGISTERED)) != 0 ||
        !granted_within("openid", granted))
        abort();
    (void)claims_want_another(request, "s");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 20);
    const struct scope_bounds bounds = { "openid profile phone", size % 2 != 0, false };
    struct claims_request request;
    const char *granted;
    const char *text;

    if (size > 8192)
        size = 8192;
    text = arena_copy(arena, data, size);
    if (claims_request_parse(arena, text, &request) == NULL)
        (void)acr_wanted(request.acr_values);
    must_be_bounded(arena, &request.userinfo);
    must_be_bounded(arena, &request.id_token);
    must_be_below_the_ceiling(arena, &request);
    if (scope_check(arena, text, &bounds, &granted) == NULL && !scope_list_is_known(granted))
        abort();
    arena_free(arena);
    return 0;
}
