/* SPDX-License-Identifier: Apache-2.0 */
/* The demo's partners: who they are and what their pages look like. */
#ifndef TESTS_SIMS_KIT_PARTNER_H
#define TESTS_SIMS_KIT_PARTNER_H

#include "idp/base/language.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_jose.h"
#include "tests/sims/kit_visit.h"

struct theme;

struct partner_site {
    const char *base_url; /* without '/' at the end */
    const char *issuer;
    const char *client_id;
    const char *client_secret;
    const struct jose_key *key; /* NULL: the secret proves who it is */
    const char *scope;
    const char *name_zh;
    const char *name_en;
    bool is_hospital; /* else the web hall: words and colours */
};

/* A text in both languages, in the order of enum language. */
struct words {
    const char *in[2];
};

/* A page of the partner while it is written. */
struct site_page {
    const struct partner_site *partner;
    const struct theme *theme;
    enum language language;
    struct buf *out;
};

struct site_page site_begin(const struct partner_site *partner, enum language language,
                            struct buf *out);
void site_end(struct site_page *page);
void site_put(struct site_page *page, const char *html);
void site_words(struct site_page *page, const char *chinese, const char *english);
void site_heading(struct site_page *page, const char *id, const char *chinese, const char *english);
/* One line of a list; nothing when there is nothing to say. */
void site_fact(struct site_page *page, const char *id, const struct words *label,
               const char *value);

/* What the state of a card is called. */
const char *site_card_state(enum language language, const char *state);

/* For somebody who is not logged in: what this is, and one way in. `visit` may know a farewell. */
void page_welcome(const struct partner_site *partner, enum language language,
                  const struct visit *visit, struct buf *out);
/* For somebody who is: everything that this partner was told. */
void page_person(const struct partner_site *partner, enum language language,
                 const struct visit *visit, struct buf *out);

enum trouble {
    TROUBLE_DENIED,   /* the person did not agree */
    TROUBLE_STALE,    /* the answer is to no question of ours */
    TROUBLE_LOGIN,    /* the provider said no, or its answer does not hold */
    TROUBLE_PROVIDER, /* it cannot be reached */
    TROUBLE_NO_SUCH_PAGE
};
void page_trouble(const struct partner_site *partner, enum language language, enum trouble trouble,
                  struct buf *out);

#endif
