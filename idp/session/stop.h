/* SPDX-License-Identifier: Apache-2.0 */
/* An end to all that a person, or a removed partner, has with us. Each is done in bounded changes
 * and goes on where it was interrupted when it is asked for again. */
#ifndef IDP_SESSION_STOP_H
#define IDP_SESSION_STOP_H

#include "idp/context/ctx.h"
#include "idp/tables/person.h"

/*
 * The person goes over to `state`, audited once as `reason` (event PERSON_STATE); then her sessions
 * end, partners being told, and her grants, offline ones too. What other nodes hear of within a
 * second, this one knows at once. ERR_NOT_FOUND when there is no such person; ERR_CONFLICT when her
 * account is closed, which it stays.
 */
must_check enum err person_stop(struct ctx *ctx, const char *person_id, enum person_state state,
                                const char *reason);

/* What of hers is to end. */
struct person_ending {
    const char *reason; /* of the audit records */
    const char *but;    /* this session goes on, its grants do not; "": none does */
    unix_s before;      /* what is newer goes on; TIME_NEVER: nothing does */
};

/* Her sessions, partners being told, and her grants, offline ones too. */
must_check enum err person_end(struct ctx *ctx, const char *person_id,
                               const struct person_ending *ending);

/* She may log in again; nothing that was ended revives. ERR_CONFLICT when her account is closed. */
must_check enum err person_resume(struct ctx *ctx, const char *person_id);

/*
 * Ends the grants of partners that were removed, and of those who had the id of a partner that is
 * registered now. They are dead by themselves (ADR 0013): this takes them out of the way. Reads all
 * live grants once; *ended counts. Needs the registry loaded.
 */
must_check enum err removed_partners_stop(struct ctx *ctx, int64_t *ended);

#endif
