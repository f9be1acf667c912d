/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a person's electronic card: issued, activated for paying, renewed, closed (docs/adr/0053). Each is one
 * change with its audit record, and she is told. Pressed twice it is done once.
 */
#ifndef IDP_CARD_LIFE_H
#define IDP_CARD_LIFE_H

#include "idp/base/problem.h"
#include "idp/person/card.h"

/* A login of this level is asked for: real name, real person, real card. */
#define CARD_ISSUE_LEVEL 3

/*
 * Of level 1, of the physical card that the office has enabled for her. She has it already: the same card. It is of a
 * physical card that another has taken the place of: it is closed, and the new one has another number. Whoever calls
 * has seen that the login is of CARD_ISSUE_LEVEL. problem_ecard_physical_missing, _physical_unfit; _lost_for_good: that
 * physical card was formally reported lost to us. Where the mirror is not fresh: problems of card_mirror_fresh().
 */
const struct problem *card_issue(struct ctx *ctx, const char *person_id, struct card *out);

/* For paying: her bank card was checked just now. problem_ecard_none, _not_active. */
const struct problem *card_activate(struct ctx *ctx, const char *person_id, struct card *out);

/* From CARD_RENEW_DAYS before its last day, and behind it: good for as long again as the physical card allows, which is
 * read anew. problem_ecard_none, _renew_early, _physical_unfit, _not_active, and those of card_mirror_fresh(). */
const struct problem *card_renew(struct ctx *ctx, const char *person_id, struct card *out);

/* She wants it no more. Its number never comes again; what is born of it ends. problem_ecard_none; _not_active: while it
 * is reported lost it is not closed, or a new one of the same physical card would lift the report. */
const struct problem *card_close(struct ctx *ctx, const char *person_id);

#endif
