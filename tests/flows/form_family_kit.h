/* SPDX-License-Identifier: Apache-2.0 */
/* Where the browser stands before the forms of a family's cards (form_kit.h). */
#ifndef TESTS_FLOWS_FORM_FAMILY_KIT_H
#define TESTS_FLOWS_FORM_FAMILY_KIT_H

#include "tests/card/family_kit.h"
#include "tests/protocols/account/kit.h"

#define FAMILY_PAGE "/card/family"

/* Person `n` is on her page. */
static inline struct journey
family_page_of(struct world *w, int n)
{
    struct journey j = { .w = w };

    world_log_in(w, n);
    world_open(w, FAMILY_PAGE);
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_card_family(struct world *w)
{
    return family_page_of(w, HER);
}

/* Person 1 has asked for her card. */
static inline struct journey
at_card_family_asked(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct family_question question = question_about(w, HER, KINSHIP_OTHER);

    question.shower_id = relative(w, 1, 19620415);
    assert_null(family_ask(&ctx, &question));
    return family_page_of(w, HER);
}

/* The value of the page's button of that name. */
static inline const char *
family_button(struct world *w, const char *name)
{
    const char *mark = arena_printf(w->arena, " name=\"%s\" value=\"", name);
    const char *at = strstr(w->answer.body, mark);

    if (at == NULL) {
        fail_msg("no button %s on\n%s", name, w->answer.body);
        return NULL;
    }
    at += strlen(mark);
    return arena_printf(w->arena, "%s=%s", name, arena_copy(w->arena, at, strcspn(at, "\"")));
}

static inline const char *
the_family_agreement(struct world *w)
{
    return family_button(w, "agree");
}

static inline const char *
the_family_refusal(struct world *w)
{
    return family_button(w, "end");
}

/* Rows of the table of forms. */
/* clang-format off */
#define FAMILY_PRESSES                                                                                          \
    { "/card/family", "kinship=other&name=%E5%BC%A0%E4%B8%89%E4%B8%B0&identity_number=440106196204150020",      \
      at_card_family, NULL, false, "kinship=child&name=%E6%9D%8E%E5%9B%9B&identity_number=1", "李四" },         \
    { "/card/family", NULL, at_card_family_asked, the_family_agreement, .is_first = false },                    \
    { "/card/family", NULL, at_card_family_asked, the_family_refusal, .is_first = false }
/* clang-format on */

#endif
