/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refusals can be provoked without end, so not each of them becomes a record: the first few from
 * one network for one reason do, then only those whose number is a power of ten. The memory is of
 * fixed size and this node's own; what falls out of it is new again, so a bound over all stands
 * behind it for those that name nobody. Those that name a person need a person, or tries that are
 * limited: more of them are kept, and no stranger's noise crowds them out.
 */
#ifndef IDP_AUDIT_SAMPLER_H
#define IDP_AUDIT_SAMPLER_H

#include <stdbool.h>

#include "idp/base/env.h"

#define SAMPLER_WINDOW_S 600
#define SAMPLER_FIRST 5
#define SAMPLER_FIRST_NAMED 20

struct audit_sampler;

struct audit_sampler *sampler_new(void) __attribute__((returns_nonnull));
void sampler_free(struct audit_sampler *sampler);

/* What is counted together; none of the texts is NULL. */
struct sample {
    const char *network; /* a unit (policies/network.h) */
    const char *event;
    const char *reason;
    const char *partner_id;
    const char *person_id; /* "": nobody */
};

/* Shall this one be a record? At most `rows_a_minute` that name nobody are. Thread-safe. */
bool sampler_keeps(struct audit_sampler *sampler, const struct sample *sample, unix_s now,
                   int64_t rows_a_minute);

#endif
