/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/guards.h"

#include "protocols/http/guards.h"

#include "protocols/oauth2/client_auth.h"
#include "protocols/staff_guard.h"

/* clang-format off */
const struct guard all_guards[] = {
    { GUARD_PARAMETERS,  "parameters",  guard_parameters,    NEEDS_NOTHING },
    { GUARD_FORM_BODY,   "form body",   guard_form_body,     NEEDS_NOTHING },
    { GUARD_JSON_BODY,   "JSON body",   guard_json_body,     NEEDS_NOTHING },
    { GUARD_SAME_ORIGIN, "same origin", guard_same_origin,   NEEDS_STORE },
    { GUARD_NO_PERSON,   "no person",   guard_no_person,     NEEDS_NOTHING },
    { GUARD_PARTNER,     "partner",     client_authenticate, NEEDS_STORE_SOMETIMES },
    { GUARD_BEARER,      "bearer",      guard_bearer,        NEEDS_STORE_SOMETIMES },
    { GUARD_SESSION,     "session",     guard_session,       NEEDS_STORE },
    { GUARD_STAFF,       "staff",       guard_staff,         NEEDS_STORE },
    { 0 },
};
/* clang-format on */
