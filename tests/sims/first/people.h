/* SPDX-License-Identifier: Apache-2.0 */
/* The invented people of files/people.tsv. */
#ifndef TESTS_SIMS_FIRST_PEOPLE_H
#define TESTS_SIMS_FIRST_PEOPLE_H

#include "idp/base/buf.h"
#include "idp/base/language.h"

enum person_column {
    PERSON_KIND, /* new, other, ready */
    PERSON_NAME,
    PERSON_IDENTITY_NUMBER,
    PERSON_CARD,
    PERSON_PHONE,
    PERSON_OUTCOME_ZH,
    PERSON_OUTCOME_EN,
    PERSON_COLUMNS
};

struct demo_person {
    const char *columns[PERSON_COLUMNS];
};

/* The one who is registered when the demo starts. */
struct demo_person person_ready(struct arena *arena);

/* A table of all of that kind. */
const char *people_table(struct arena *arena, enum language language, const char *kind);

#endif
