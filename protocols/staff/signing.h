/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the pages by which a member of staff signs in share. Their flow is one of its own (PURPOSE_STAFF_SIGN_IN), whose
 * `asked` is the page where she was going; or that of a partner's request, which goes on where its purpose says. While she
 * has shown the password alone, `person_id` is her id and `known_at` when: that is no session, and opens nothing but
 * the page of the second factor.
 */
#ifndef PROTOCOLS_STAFF_SIGNING_H
#define PROTOCOLS_STAFF_SIGNING_H

#include "idp/staff/sitting.h"
#include "protocols/flow/flow.h"

#define SIGN_IN_PATH "/staff/sign-in"
#define FACTOR_PATH "/staff/factor"
#define PASSWORD_PATH "/staff/password"
#define ENROL_PATH "/staff/enrol"
#define ENROL_FACTOR_PATH "/staff/enrol/factor"
#define BOOTSTRAP_PATH "/staff/bootstrap"

/* The flow of a page of these, and else problem_answered: to the same page with one. What another page of the staff
 * listener was about is not taken along, for somebody else may sign in. */
const struct problem *signing_open(struct request *rq, struct flow *out);
const struct problem *signing_form_open(struct request *rq, struct flow *out);

/* Whose password was right in this flow, not longer ago than she may be idle. NULL: nobody's. */
const char *signing_staff(const struct request *rq, const struct flow *flow);

/* The flow learns that. */
const struct problem *signing_keep(struct request *rq, struct flow *flow, const char *staff_id);

/* With what of the counter there is to say; NULL for `action`: there is no form. */
struct page *signing_page(struct request *rq, const struct flow *flow, const char *template,
                          enum word title, const char *action);

/* She takes her seat with that factor, and goes on to where she was going; or the page at `path` tells why not. */
const struct problem *signing_sit(struct request *rq, struct flow *flow,
                                  const struct stored_staff *staff, const char *code,
                                  const char *path, const char *field);

/* To the page where she signs in, which says what is done: "password", "enrol". */
const struct problem *signing_go_done(struct request *rq, const struct flow *flow,
                                      const char *done);

#endif
