/* SPDX-License-Identifier: Apache-2.0 */
/* POST /staff/sign-out: her sitting ends, with all that partners have of it. Also of a locked counter. */
#include "idp/base/text.h"
#include "idp/staff/sitting_end.h"
#include "protocols/endpoints.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"
#include "protocols/staff/signing.h"

const struct problem *
endpoint_staff_sign_out(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);
    enum err err = OK;

    if (problem != NULL)
        return problem;
    if (rq->staff->live && text_eq(flow.tx.shown_to, rq->staff->row.sid)) {
        err = sitting_end(rq->ctx, rq->staff->row.sid, SITTING_ENDED_OUT);
        cookie_clear(rq, "staff");
    }
    return err == OK ? respond_redirect(rq, SIGN_IN_PATH) : problem_of(err);
}
