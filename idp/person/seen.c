/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/seen.h"

#include "idp/audit/audit.h"
#include "idp/context/change.h"
#include "policies/reason.h"

#define REASON_MAX 100

const char *
seen_reason_check(struct arena *arena, const struct person *person, const char *reason)
{
    switch (reason_judge(arena, reason, REASON_MAX, person->name)) {
    case REASON_GOOD:
        return NULL;
    case REASON_CHARACTERS:
        return "it holds other characters than letters, digits and signs";
    case REASON_LENGTH:
        return arena_printf(arena, "it must have %d to %d characters", REASON_MIN, REASON_MAX);
    case REASON_NUMBER:
        return "it holds digits as of a phone or identity number, which the audit trail must not "
               "hold; name the ticket";
    case REASON_NAME:
        break;
    }
    return "it says her name, which the audit trail must not hold; name the ticket";
}

struct seeing {
    const char *person_id;
    const char *reason;
};

static enum err
see(struct ctx *ctx, void *state)
{
    const struct seeing *seeing = state;

    return audit_write(ctx,
                       &(struct audit_record) { .event = AUDIT_PERSON_SEEN,
                                                .reason = seeing->reason,
                                                .subject = subject_person(seeing->person_id) });
}

enum err
person_seen(struct ctx *ctx, const char *person_id, const char *reason)
{
    return change(ctx, see, &(struct seeing) { person_id, reason });
}
