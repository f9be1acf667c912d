/* SPDX-License-Identifier: Apache-2.0 */
/* A card on a page: what is printed on it, and in words what it is worth now and what can be done about it. */
#ifndef PROTOCOLS_CARD_VIEW_H
#define PROTOCOLS_CARD_VIEW_H

#include "idp/card/show.h"
#include "idp/person/vault.h"
#include "protocols/pages/page.h"

/* Of the login: what only says that somebody has her WeChat shows no card. */
#define CARD_VIEW_LEVEL 2

struct card_view {
    struct request *rq;
    struct page *page;
    const char *holder;           /* whose card it is */
    const char *member;           /* names her among the family of who looks; NULL: it is her own */
    const char *name;             /* masked, or hers in full where she has asked for it */
    struct person person;         /* who looks at her own card; else all zero */
    bool has_card;                /* so `card` is set */
    struct card card;             /* as it stands now */
    const struct problem *mirror; /* NULL: what is known of physical cards is fresh */
    bool opened;                  /* her name is shown in full */
};

/* yyyymmdd as people write it; "" for 0. */
const char *card_day(struct request *rq, int64_t day);

/* What a code is shown for, on a button. */
enum word card_purpose_word(enum card_purpose purpose);

/* Whose it is, by the parameter "of"; and what is known of it. problem_card_family_gone: she may not show that. */
const struct problem *card_view_load(struct request *rq, struct card_view *out);

/* May a code of it be made, as far as its state goes? */
bool card_view_is_good(const struct card_view *view);

/* Is it reported lost to us, and not found again? */
bool card_view_is_lost(const struct card_view *view);

/* The face, and what is wrong with it. */
enum err card_view_fill(struct card_view *view);

#endif
