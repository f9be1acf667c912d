/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/paper.h"

#include "idp/base/text.h"

static const struct paper_row {
    const char *name;
    const char *record;
    enum identity_kind kind;
    bool has_photo;
    int32_t until_age;
} papers[PAPERS] = {
    [PAPER_none] = { "", "", IDENTITY_UNKNOWN, false, 0 },
#define PAPER(symbol, record, kind, photo, until)                                                  \
    [PAPER_##symbol] = { #symbol, record, kind, photo, until },
#include "policies/paper.def"
#undef PAPER
};

static const struct paper_row *
row_of(enum paper paper)
{
    return &papers[paper > PAPER_none && paper < PAPERS ? paper : PAPER_none];
}

const char *
paper_name(enum paper paper)
{
    return row_of(paper)->name;
}

const char *
paper_record(enum paper paper)
{
    return row_of(paper)->record;
}

enum paper
paper_named(const char *name)
{
    for (enum paper i = PAPER_none + 1; i < PAPERS; i++)
        if (text_eq(name, papers[i].name))
            return i;
    return PAPER_none;
}

const struct problem *
paper_check(enum paper paper, unsigned looks, const struct identity_number *identity, int32_t today)
{
    const struct paper_row *row = row_of(paper);
    unsigned needed = PAPER_ORIGINAL | (row->has_photo ? PAPER_PHOTO : PAPER_GUARDIAN);

    if (text_is_empty(row->name) || row->kind != identity->kind ||
        (row->until_age != 0 && age_on(identity->birth_date, today) >= row->until_age))
        return &problem_paper_unfit;
    return (looks & needed) == needed ? NULL : &problem_paper_unchecked;
}

const char *
paper_told(struct arena *arena, enum paper paper, unsigned looks)
{
    return arena_printf(
        arena, "%s%s%s%s%s", paper_name(paper), (looks & PAPER_ORIGINAL) != 0 ? " original" : "",
        (looks & PAPER_PHOTO) != 0 ? " photo" : "", (looks & PAPER_CHIP) != 0 ? " chip" : "",
        (looks & PAPER_GUARDIAN) != 0 ? " guardian" : "");
}
