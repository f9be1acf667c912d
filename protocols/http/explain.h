/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With errors.explain, in sandboxes: the check behind a refusal, from what the audit trail was told
 * of it. Fixed sentences of explain.def, so nothing is reflected (docs/adr/0031).
 */
#ifndef PROTOCOLS_HTTP_EXPLAIN_H
#define PROTOCOLS_HTTP_EXPLAIN_H

#include "protocols/http/request.h"

/* The English sentence for the partner: that of the problem; in a sandbox a more exact one, or with
 * what to do behind it. */
const char *explain_problem(const struct request *rq, const struct problem *problem);

/* The lines of explain.def, ended by a NULL sentence. */
struct explanation {
    const struct problem *problem;
    const char *refusal;
    const char *sentence;
};
extern const struct explanation all_explanations[];

#endif
