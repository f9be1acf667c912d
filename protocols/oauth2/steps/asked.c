/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked, whatever brought it here (steps.h). */
#include "protocols/oauth2/steps/steps.h"

const char *
asked(const struct authorization *az, const char *name)
{
    return params_find(&az->asked, name);
}

void
asked_of_request(struct authorization *az)
{
    struct request *rq = az->rq;
    struct params *all = &az->asked;

    *all = (struct params) { .names = arena_alloc(rq->arena, PARAMS_MAX * sizeof(*all->names)),
                             .values = arena_alloc(rq->arena, PARAMS_MAX * sizeof(*all->values)) };
    for (const struct field *field = rq->fields; field->name != NULL; field++) {
        const char *value = param(rq, field->name);

        if (value == NULL)
            continue;
        all->names[all->count] = field->name;
        all->values[all->count++] = value;
    }
}
