/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Papers by which a person proves at a counter who she is (paper.def), and what of one must have been looked at. Pure;
 * docs/adr/0063.
 */
#ifndef POLICIES_PAPER_H
#define POLICIES_PAPER_H

#include <stdbool.h>

#include "policies/identity_number.h"

enum paper {
    PAPER_none,
#define PAPER(symbol, ...) PAPER_##symbol,
#include "policies/paper.def"
#undef PAPER
    PAPERS
};

/* What was looked at. */
enum paper_look {
    PAPER_ORIGINAL = 1, /* it is no copy */
    PAPER_PHOTO = 2,    /* she is the one on its photo */
    PAPER_CHIP = 4,     /* its chip was read and says the same */
    PAPER_GUARDIAN = 8  /* her guardian is there */
};

/* "" for one that is not known. Static storage. */
const char *paper_name(enum paper paper);
const char *paper_record(enum paper paper);
/* PAPER_none for any other text, NULL too. */
enum paper paper_named(const char *name);

/*
 * NULL: with that looked at (enum paper_look), the paper proves who has that number. problem_paper_unfit: it does not bear such
 * numbers, or not of somebody of her age; problem_paper_unchecked: it must be the original, and she the one on its photo,
 * or her guardian there where it has none.
 */
const struct problem *paper_check(enum paper paper, unsigned looks,
                                  const struct identity_number *identity, int32_t today);

/* "idcard original photo": the paper and what was looked at, for records. */
const char *paper_told(struct arena *arena, enum paper paper, unsigned looks);

#endif
