/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Businesses (业务) that staff at counters do for citizens, as a partner's registration names them (docs/adr/0060): the member
 * `businesses` of policies/partner_profile.h. Pure.
 */
#ifndef POLICIES_BUSINESS_H
#define POLICIES_BUSINESS_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/buf.h"
#include "idp/base/json.h"

#define BUSINESSES_MAX 64
#define BUSINESS_CODE_MAX 40

/* Texts are never NULL, and live in the arena. */
struct business {
    const char *code; /* [a-z0-9._-] */
    const char *name_zh;
    const char *name_en; /* name_zh when not given */
    const char *scope;   /* whatever is done for it reaches so far, and no further */
    const char *roles;   /* policies/staff_role.def: who may do it, space-separated */
    bool second;         /* a second person must have approved it */
};

struct business_list {
    struct business *at;
    size_t count;
};

/* NULL, or what is wrong with the value, for the operator (static or in the arena). Members are named as in RFC 7591; unknown
 * ones are refused. */
const char *business_list_read(struct arena *arena, const json_t *value, struct business_list *out);

/* Canonical; nothing for an empty list. */
void business_list_write(struct buf *buf, const char *name, const struct business_list *list);

/* NULL: there is none of that code (which may be NULL). */
const struct business *business_find(const struct business_list *list, const char *code);

#endif
