/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/claims.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "policies/scope.h"

#define REQUEST_SIZE_MAX 4096

static bool
is_scalar(const json_t *value)
{
    return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
}

static bool
add_value(const json_t *value, struct claim_wanted *claim)
{
    if (!is_scalar(value) || claim->value_count == CLAIM_VALUES_MAX)
        return false;
    if (json_is_string(value))
        claim->values[claim->value_count++] = json_string_value(value);
    return true;
}

static bool
add_values(const json_t *values, struct claim_wanted *claim)
{
    const json_t *value;
    size_t i;

    if (json_array_size(values) > CLAIM_VALUES_MAX)
        return false;
    json_array_foreach(values, i, value)
    {
        if (!add_value(value, claim))
            return false;
    }
    return true;
}

/*
 * 5.5.1: null, or an object of essential, value, values and members that are not ours to
 * understand.
 */
static bool
read_claim(const json_t *wish, struct claim_wanted *claim)
{
    const json_t *value = json_object_get(wish, "value");
    const json_t *values = NULL;

    if (json_is_null(wish))
        return true;
    if (!json_is_object(wish) || member_bool(wish, "essential", &claim->essential) == ERR_INVALID ||
        member_list(wish, "values", &values) == ERR_INVALID)
        return false;
    return (value == NULL || add_value(value, claim)) && add_values(values, claim);
}

/* Identity Assurance allows one object or an array of them; a later step reads what is in it. */
static bool
keep_verified_claims(struct arena *arena, const json_t *wish, struct claims_wanted *side)
{
    side->verified_claims = json_text(arena, wish);
    return side->verified_claims != NULL;
}

static bool
add_claim(struct arena *arena, const char *name, const json_t *wish, struct claims_wanted *side)
{
    struct claim_wanted *claim;

    if (text_eq(name, "verified_claims"))
        return keep_verified_claims(arena, wish, side);
    if (side->count == CLAIMS_WANTED_MAX)
        return false;
    claim = &side->list[side->count++];
    claim->name = name;
    return read_claim(wish, claim);
}

static bool
read_side(struct arena *arena, const json_t *root, const char *which, struct claims_wanted *side)
{
    const json_t *wishes = NULL;
    const json_t *wish;
    const char *name;
    void *at = NULL;

    if (member_object(root, which, &wishes) == ERR_INVALID)
        return false;
    while ((name = member_next(wishes, &at, &wish)) != NULL) {
        if (!add_claim(arena, name, wish, side))
            return false;
    }
    return true;
}

static void
read_acr(struct arena *arena, struct claims_request *out)
{
    const struct claim_wanted *acr = claim_wanted_find(&out->id_token, "acr");
    struct buf list = buf_new(arena, 64);

    for (size_t i = 0; acr != NULL && i < acr->value_count; i++) {
        if (i > 0)
            buf_char(&list, ' ');
        buf_text(&list, acr->values[i]);
    }
    out->acr_values = list.at;
    out->acr_essential = acr != NULL && acr->essential;
}

const struct problem *
claims_request_parse(struct arena *arena, const char *json, struct claims_request *out)
{
    json_t *root;
    bool sound;

    *out = (struct claims_request) { .acr_values = "" };
    if (strnlen(json, REQUEST_SIZE_MAX + 1) > REQUEST_SIZE_MAX)
        return &problem_claims_invalid;
    root = json_read(arena, bytes_of_text(json));
    sound = json_is_object(root) && read_side(arena, root, "userinfo", &out->userinfo) &&
            read_side(arena, root, "id_token", &out->id_token);
    if (!sound) {
        *out = (struct claims_request) { .acr_values = "" };
        return &problem_claims_invalid;
    }
    read_acr(arena, out);
    return NULL;
}

bool
claim_allowed(const char *claim, const char *granted_scope)
{
    for (const struct scope *scope = all_scopes; scope->name != NULL; scope++) {
        if (text_list_has(granted_scope, scope->name) && text_list_has(scope->claims, claim))
            return true;
    }
    return false;
}

const struct claim_wanted *
claim_wanted_find(const struct claims_wanted *side, const char *claim)
{
    for (size_t i = 0; i < side->count; i++) {
        if (text_eq(side->list[i].name, claim))
            return &side->list[i];
    }
    return NULL;
}
