/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/first/people.h"

#include <string.h>

#include "idp/base/text.h"
#include "tests/sims/first/fill.h"

/* Of the line at *at, which is passed. False at the end. */
static bool
person_next(struct arena *arena, const char **at, struct demo_person *out)
{
    if (**at == '\0')
        return false;
    for (size_t i = 0; i < PERSON_COLUMNS; i++) {
        size_t size = strcspn(*at, "\t\n");

        out->columns[i] = arena_copy(arena, *at, size);
        *at += size + ((*at)[size] == '\t');
    }
    *at += **at == '\n';
    return true;
}

struct demo_person
person_ready(struct arena *arena)
{
    const char *at = first_file("people.tsv");
    struct demo_person person;

    while (person_next(arena, &at, &person) && !text_eq(person.columns[PERSON_KIND], "ready"))
        ;
    return person;
}

const char *
people_table(struct arena *arena, enum language language, const char *kind)
{
    const char *at = first_file("people.tsv");
    const size_t outcome = language == LANGUAGE_ZH_CN ? PERSON_OUTCOME_ZH : PERSON_OUTCOME_EN;
    struct buf rows = buf_new(arena, 4096);
    struct buf table = buf_new(arena, 4096);
    struct demo_person person;

    while (person_next(arena, &at, &person)) {
        if (!text_eq(person.columns[PERSON_KIND], kind))
            continue;
        first_fill(&rows, "person.html", language,
                   (const struct hole[]) {
                       { "name", person.columns[PERSON_NAME] },
                       { "identity_number", person.columns[PERSON_IDENTITY_NUMBER] },
                       { "card", person.columns[PERSON_CARD] },
                       { "phone", person.columns[PERSON_PHONE] },
                       { "outcome", person.columns[outcome] },
                       { 0 },
                   });
    }
    first_fill(&table, "people.html", language,
               (const struct hole[]) { { "rows", rows.at }, { 0 } });
    return table.at;
}
