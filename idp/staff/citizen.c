/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/citizen.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "keys/secret.h"
#include "policies/staff_rules.h"

bool
staff_is_person(const struct stored_staff *staff, const struct digest *identity)
{
    return staff->person_key.size > 0 && bytes_eq(staff->person_key, digest_view(identity));
}

void
citizen_denied(struct ctx *ctx, const char *reason, const char *person_id)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_STAFF_DENIED,
                                             .reason = reason,
                                             .subject = subject_person(person_id) });
}

static enum err
card_read(struct ctx *ctx, const char *person_id, struct citizen *out)
{
    enum err err = card_find(ctx, person_id, &out->card);

    out->has_card = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* The physical cards are read whether or not she has an electronic one: one person costs as much as another. */
static enum err
region_read(struct ctx *ctx, struct citizen *out)
{
    struct digest holder = identity_digest(ctx, out->person.identity_number);
    struct physical_card_list list;
    enum err err = store_physical_card_list(ctx->store, ctx->arena, &holder, &list);

    if (err != OK)
        return err;
    out->region = list.count > 0 ? list.at[0].region : "";
    if (out->has_card)
        out->region = out->card.row.region;
    return OK;
}

/* Nobody is looked for in the same places. *known: there is such a person. */
static enum err
citizen_read(struct ctx *ctx, const char *person_id, struct citizen *out, bool *known)
{
    enum err err;

    *out = (struct citizen) { .region = "" };
    err = person_load(ctx, person_id, &out->person);
    *known = err == OK;
    if (err == ERR_NOT_FOUND) {
        out->person = (struct person) { .person_id = person_id, .identity_number = "" };
        err = OK;
    }
    if (err == OK)
        err = card_read(ctx, person_id, out);
    return err == OK ? region_read(ctx, out) : err;
}

static const struct problem *
unknown(struct ctx *ctx, const char *person_id, bool known)
{
    citizen_denied(ctx, known ? "scope" : "unknown", known ? person_id : "");
    return &problem_citizen_unknown;
}

const struct problem *
citizen_see(struct ctx *ctx, const struct stored_staff *staff, const char *person_id,
            struct citizen *out)
{
    struct digest identity;
    bool known;
    enum err err = citizen_read(ctx, person_id, out, &known);

    if (err != OK)
        return problem_of(err);
    if (!known || !staff_region_may(staff->region, out->region))
        return unknown(ctx, person_id, known);
    identity = identity_digest(ctx, out->person.identity_number);
    out->is_self = staff_is_person(staff, &identity);
    return NULL;
}

const struct problem *
citizen_serve(struct ctx *ctx, const struct stored_staff *staff, const char *person_id,
              struct citizen *out)
{
    const struct problem *problem = citizen_see(ctx, staff, person_id, out);

    if (problem != NULL || !out->is_self)
        return problem;
    citizen_denied(ctx, "self", person_id);
    return &problem_staff_self;
}
