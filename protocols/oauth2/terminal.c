/* SPDX-License-Identifier: Apache-2.0 */
/* POST /terminal/enrol, POST /terminal/session/end: self-service terminals (docs/adr/0043). */
#include "idp/partner/terminal.h"

#include "idp/base/emit.h"
#include "idp/session/terminal_session.h"
#include "protocols/endpoints.h"
#include "protocols/http/dpop.h"
#include "protocols/http/respond.h"

static const struct problem *
enrolled_answer(struct request *rq, const struct stored_terminal *terminal)
{
    struct buf json = buf_new(rq->arena, 256);

    emit_object(&json, NULL);
    emit_text(&json, "terminal_id", terminal->terminal_id);
    emit_text(&json, "client_id", terminal->partner_id);
    emit_text(&json, "issuer", rq->ctx->settings->server.issuer);
    emit_text(&json, "place", terminal->place);
    emit_text(&json, "agency", terminal->agency);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

/*
 * Nobody is authenticated here: the code says which terminal it is, and the DPoP proof that the key is
 * its own. What was open under another key ends.
 */
const struct problem *
endpoint_terminal_enrol(struct request *rq)
{
    const struct problem *problem = dpop_check(rq, NULL);
    const struct terminal_enrolment enrolment = { param(rq, "code"), param(rq, "jwk"),
                                                  rq->proof_key };
    struct stored_terminal terminal;
    int64_t ended = 0;
    enum err err;

    if (problem == NULL)
        problem = terminal_enrol(rq->ctx, &enrolment, &terminal);
    if (problem != NULL)
        return problem;
    err = terminal_sessions_end(rq->ctx, terminal.terminal_id, TERMINAL_ENDED_LEFT, &ended);
    return err == OK ? enrolled_answer(rq, &terminal) : problem_of(err);
}

/* Whoever stood there has gone, or has taken her card: also when nothing was open. */
const struct problem *
endpoint_terminal_end(struct request *rq)
{
    int64_t ended = 0;
    enum err err;

    if (rq->terminal == NULL)
        return &problem_terminal_missing;
    err = terminal_sessions_end(rq->ctx, rq->terminal->terminal_id, TERMINAL_ENDED_LEFT, &ended);
    return err == OK ? respond_empty(rq, 200) : problem_of(err);
}
