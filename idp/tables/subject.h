/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose something is (docs/adr/0017). A session, an approval and an audit record are of a subject;
 * what only a citizen can have (evidence, credentials, consents) is of a person.
 */
#ifndef IDP_TABLES_SUBJECT_H
#define IDP_TABLES_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "idp/base/text.h"

/* Stored. Zero has the fewest rights, and is what rows of the version before say. */
enum subject_kind {
    SUBJECT_PERSON,
    SUBJECT_STAFF,
    SUBJECT_PARTNER,
    SUBJECT_TERMINAL
};

struct subject {
    int64_t kind; /* enum subject_kind */
    const char *id;
};

static inline struct subject
subject_person(const char *person_id)
{
    return (struct subject) { SUBJECT_PERSON, person_id };
}

static inline bool
subject_is_person(struct subject subject)
{
    return subject.kind == SUBJECT_PERSON;
}

static inline bool
subject_is_staff(struct subject subject)
{
    return subject.kind == SUBJECT_STAFF;
}

static inline bool
subject_eq(struct subject one, struct subject other)
{
    return one.kind == other.kind && text_eq(one.id, other.id);
}

/* Those that log in, and have a session and tokens of it. */
static inline bool
subject_logs_in(struct subject subject)
{
    return subject_is_person(subject) || subject_is_staff(subject);
}

#endif
