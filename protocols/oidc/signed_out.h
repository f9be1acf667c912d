/* SPDX-License-Identifier: Apache-2.0 */
/* What comes behind a logout. */
#ifndef PROTOCOLS_OIDC_SIGNED_OUT_H
#define PROTOCOLS_OIDC_SIGNED_OUT_H

#include "idp/session/logout.h"
#include "protocols/http/request.h"

/* An address to go to, or our own page with what it says. */
struct farewell {
    const char *return_url;        /* NULL: our own page */
    const struct partner *partner; /* who asked, to be linked; or NULL */
    const char *sid;               /* of the session that has ended here; NULL: none has */
    struct logout_told told;
    bool of_staff; /* a sitting has ended, which the session's cookie here has nothing to do with */
};

/* 303 to the one or the other; the session's cookie is cleared, but not of_staff. Where partners want to be opened in a
 * frame, our page comes first in any case, and leads on by itself. */
const struct problem *signed_out_answer(struct request *rq, const struct farewell *farewell);

#endif
