/* SPDX-License-Identifier: Apache-2.0 */
/* An account that is ready: registered as everybody is, page by page. */
#ifndef TESTS_SIMS_FIRST_READY_H
#define TESTS_SIMS_FIRST_READY_H

#include "tests/sims/first/people.h"

struct ready_wish {
    const char *issuer;
    const char *inbox;   /* where the codes are read */
    const char *ca_file; /* who signed the issuer's certificate; NULL: somebody known */
    const char *password;
};

/* NULL, or why the person is not registered now, in the arena. */
const char *ready_register(struct arena *arena, const struct ready_wish *wish,
                           const struct demo_person *person);

#endif
