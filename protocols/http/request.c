/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/request.h"

#include "idp/base/text.h"

/* Never shown: the dispatcher takes it as an instruction, so it has no place in problem.def. */
const struct problem problem_on_worker = { "on_worker", 500, "server_error", "", "" };

const char *
param(const struct request *rq, const char *name)
{
    const struct params *from = text_eq(rq->method, "POST") ? &rq->form : &rq->query;
    const char *value = params_find(from, name);

    return text_is_empty(value) ? NULL : value;
}
