/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/claims.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "policies/claim_rule.h"
#include "policies/detail.h"

#define REQUEST_SIZE_MAX 4096
#define VERIFIED "verified_claims"

/* ---- reading ---- */

static bool
is_scalar(const json_t *value)
{
    return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
}

static bool
values_are_sound(const json_t *values, size_t others)
{
    const json_t *value;
    size_t i;

    if (json_array_size(values) + others > CLAIM_VALUES_MAX)
        return false;
    json_array_foreach(values, i, value)
    {
        if (!is_scalar(value))
            return false;
    }
    return true;
}

/*
 * 5.5.1: null, or an object of essential, value, values and members that are not ours to
 * understand.
 */
static bool
wish_is_sound(const json_t *wish)
{
    const json_t *value = json_object_get(wish, "value");
    const json_t *values = NULL;
    bool essential;

    if (json_is_null(wish))
        return true;
    if (!json_is_object(wish) || member_bool(wish, "essential", &essential) == ERR_INVALID ||
        member_list(wish, "values", &values) == ERR_INVALID)
        return false;
    return (value == NULL || is_scalar(value)) && values_are_sound(values, value != NULL ? 1 : 0);
}

/* An object of claims that is not empty, or null or nothing, which are all of them. */
static bool
inner_claims_are_sound(const json_t *claims)
{
    const json_t *wish;
    void *at = NULL;

    if (claims == NULL || json_is_null(claims))
        return true;
    if (json_object_size(claims) == 0)
        return false;
    while (member_next(claims, &at, &wish) != NULL) {
        if (!wish_is_sound(wish))
            return false;
    }
    return true;
}

static bool
verified_is_sound(const json_t *wish)
{
    const json_t *verification = json_object_get(wish, "verification");

    return json_is_object(wish) &&
           (verification == NULL || json_is_null(verification) || json_is_object(verification)) &&
           inner_claims_are_sound(json_object_get(wish, "claims"));
}

/* Identity Assurance, 6: one object, or an array of them. */
static bool
verified_wish_is_sound(const json_t *wish)
{
    const json_t *element;
    size_t i;

    if (!json_is_array(wish))
        return verified_is_sound(wish);
    if (json_array_size(wish) == 0 || json_array_size(wish) > CLAIM_VALUES_MAX)
        return false;
    json_array_foreach(wish, i, element)
    {
        if (!verified_is_sound(element))
            return false;
    }
    return true;
}

static bool
read_side(const json_t *root, const char *which, struct claims_wanted *side)
{
    const json_t *wishes = NULL;
    const json_t *wish;
    const char *name;
    void *at = NULL;

    if (member_object(root, which, &wishes) == ERR_INVALID)
        return false;
    while ((name = member_next(wishes, &at, &wish)) != NULL) {
        if (side->count == CLAIMS_WANTED_MAX ||
            !(text_eq(name, VERIFIED) ? verified_wish_is_sound(wish) : wish_is_sound(wish)))
            return false;
        side->list[side->count++] = (struct claim_wanted) { name, wish };
    }
    return true;
}

static void
acr_add(struct buf *list, const json_t *value)
{
    if (!json_is_string(value))
        return;
    buf_text(list, list->size > 0 ? " " : "");
    buf_text(list, json_string_value(value));
}

static void
read_acr(struct arena *arena, struct claims_request *out)
{
    const json_t *acr = claim_wish(&out->id_token, "acr");
    const json_t *values = json_object_get(acr, "values");
    struct buf list = buf_new(arena, 64);

    acr_add(&list, json_object_get(acr, "value"));
    for (size_t i = 0; i < json_array_size(values); i++)
        acr_add(&list, json_array_get(values, i));
    out->acr_values = list.at;
    out->acr_essential = json_is_true(json_object_get(acr, "essential"));
}

const struct problem *
claims_request_parse(struct arena *arena, const char *json, struct claims_request *out)
{
    json_t *root;

    *out = (struct claims_request) { .acr_values = "" };
    if (strnlen(json, REQUEST_SIZE_MAX + 1) > REQUEST_SIZE_MAX)
        return &problem_claims_invalid;
    root = json_read(arena, bytes_of_text(json));
    if (!json_is_object(root) || !read_side(root, "userinfo", &out->userinfo) ||
        !read_side(root, "id_token", &out->id_token)) {
        *out = (struct claims_request) { .acr_values = "" };
        return &problem_claims_invalid;
    }
    read_acr(arena, out);
    return NULL;
}

const json_t *
claim_wish(const struct claims_wanted *side, const char *claim)
{
    for (size_t i = 0; i < side->count; i++) {
        if (text_eq(side->list[i].name, claim))
            return side->list[i].wish;
    }
    return NULL;
}

/* ---- what of it is granted ---- */

unsigned
claims_wished(const struct claims_wanted *side)
{
    unsigned claims = 0;

    for (unsigned i = 0; i < CLAIM_COUNT; i++)
        if (claim_wish(side, claim_rules[i].name) != NULL)
            claims |= CLAIM_BIT(i);
    return claims;
}

/* Those that one wish for verified_claims names; who names none is told the name. */
static unsigned
claims_verified(const json_t *wish)
{
    const json_t *inner = json_object_get(wish, "claims");
    unsigned claims = json_is_object(inner) ? 0 : CLAIM_BIT(CLAIM_name);

    for (unsigned i = 0; i < CLAIM_COUNT; i++)
        if (claim_rules[i].verified && json_object_get(inner, claim_rules[i].name) != NULL)
            claims |= CLAIM_BIT(i);
    return claims;
}

static unsigned
claims_within_verified(const struct claims_wanted *side)
{
    const json_t *wish = claim_wish(side, VERIFIED);
    unsigned claims = 0;

    if (wish == NULL || !json_is_array(wish))
        return wish != NULL ? claims_verified(wish) : 0;
    for (size_t i = 0; i < json_array_size(wish); i++)
        claims |= claims_verified(json_array_get(wish, i));
    return claims;
}

const char *
claims_granted(struct arena *arena, const struct claims_request *request, const char *registered,
               const char *scope)
{
    unsigned carried = claims_carried(scope);
    unsigned ceiling = claims_carried(registered);
    unsigned wished = claims_wished(&request->userinfo) | claims_wished(&request->id_token);
    const char *single = "";

    if ((ceiling & CLAIM_BIT(CLAIM_verified_claims)) != 0)
        wished |=
            claims_within_verified(&request->userinfo) | claims_within_verified(&request->id_token);
    for (unsigned i = 0; i < CLAIM_COUNT; i++)
        if ((wished & ceiling & ~carried & CLAIM_BIT(i)) != 0)
            single = text_list_union(arena, single, claim_rules[i].name);
    return granted_join(arena, scope, single);
}

/* ---- sub ---- */

static bool
side_wants_another(const struct claims_wanted *side, const char *sub)
{
    const struct detail given = { .kind = DETAIL_TEXT, .text = sub };

    return !detail_fits(&given, claim_wish(side, "sub"), 0);
}

bool
claims_want_another(const struct claims_request *request, const char *sub)
{
    return side_wants_another(&request->userinfo, sub) ||
           side_wants_another(&request->id_token, sub);
}
