/* SPDX-License-Identifier: Apache-2.0 */
/* The claims parameter and the scope list: bounded whatever comes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "idp/base/arena.h"
#include "policies/assurance.h"
#include "policies/claims.h"
#include "policies/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_bounded(const struct claims_wanted *side)
{
    if (side->count > CLAIMS_WANTED_MAX)
        abort();
    for (size_t i = 0; i < side->count; i++) {
        if (side->list[i].name == NULL || side->list[i].value_count > CLAIM_VALUES_MAX)
            abort();
        (void)claim_allowed(side->list[i].name, "openid realname");
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 20);
    struct claims_request request;
    const char *granted;
    const char *text;

    if (size > 8192)
        size = 8192;
    text = arena_copy(arena, data, size);
    if (claims_request_parse(arena, text, &request) == NULL)
        (void)acr_wanted(request.acr_values);
    must_be_bounded(&request.userinfo);
    must_be_bounded(&request.id_token);
    if (scope_check(arena, text, "openid profile phone", &granted) == NULL &&
        !scope_list_is_known(granted))
        abort();
    arena_free(arena);
    return 0;
}
