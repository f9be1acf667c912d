/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/staff/paper_form.h"

#include "idp/base/text.h"

static const enum word paper_words[PAPERS] = {
    [PAPER_none] = WORD_paper_idcard,
#define PAPER(symbol, ...) [PAPER_##symbol] = WORD_paper_##symbol,
#include "policies/paper.def"
#undef PAPER
};

static const struct look_box {
    const char *name;
    unsigned look;
    enum word word;
} looks[] = {
    { "original", PAPER_ORIGINAL, WORD_paper_original },
    { "photo", PAPER_PHOTO, WORD_paper_photo },
    { "chip", PAPER_CHIP, WORD_paper_chip },
    { "guardian", PAPER_GUARDIAN, WORD_paper_guardian },
};

#define LOOKS (sizeof(looks) / sizeof(looks[0]))

struct proofing
paper_form_read(struct request *rq)
{
    const char *number = param_typed(rq, "number");
    struct proofing proofing = { .paper = paper_named(param_typed(rq, "paper")),
                                 .number = number != NULL ? number : "" };

    for (size_t i = 0; i < LOOKS; i++)
        if (!text_is_empty(param_typed(rq, looks[i].name)))
            proofing.looks |= looks[i].look;
    return proofing;
}

void
paper_form_fill(struct request *rq, struct page *page)
{
    const struct proofing typed = paper_form_read(rq);

    for (enum paper i = PAPER_none + 1; i < PAPERS; i++) {
        struct page *row = page_row(page, "papers");

        page_text(row, "value", paper_name(i));
        page_word(row, "label", paper_words[i]);
        page_flag(row, "checked", i == (typed.paper == PAPER_none ? PAPER_idcard : typed.paper));
    }
    for (size_t i = 0; i < LOOKS; i++) {
        struct page *row = page_row(page, "looks");

        page_text(row, "value", looks[i].name);
        page_word(row, "label", looks[i].word);
        page_flag(row, "checked", (typed.looks & looks[i].look) != 0);
    }
    page_text(page, "number", typed.number);
}

const char *
paper_form_field(const struct problem *problem)
{
    if (problem == &problem_paper_unfit)
        return "paper";
    if (problem == &problem_paper_unchecked)
        return "looks";
    return problem == &problem_proof_number || problem == &problem_identity_number_invalid ||
                   problem == &problem_identity_number_old ||
                   problem == &problem_correction_taken || problem == &problem_already_registered
               ? "number"
               : NULL;
}
