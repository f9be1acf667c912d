/* SPDX-License-Identifier: Apache-2.0 */
/* The demo's telephone: two apps of one vendor, what they hold, and what they ask the identity provider. */
#ifndef TESTS_SIMS_KIT_APP_H
#define TESTS_SIMS_KIT_APP_H

#include <stdbool.h>

#include "idp/base/buf.h"
#include "idp/base/env.h"
#include "tests/sims/kit_jose.h"

#define APP_TEXT_MAX 256
#define APP_TOKEN_MAX 4096

/* The second lives on the login of the first. */
enum app_place {
    APP_HALL,
    APP_CARD,
    APPS_ON_PHONE
};

/* What it says at its top: news, or what went wrong. */
enum app_news {
    APP_NOTHING,
    APP_RAISED,       /* she has proven herself anew */
    APP_SHARED,       /* the second app was let in without a page */
    APP_SHARE_ASK,    /* she has not agreed to it yet */
    APP_SHARE_OVER,   /* the login is over, or was never shared */
    APP_PAGE_REFUSED, /* no ticket, or it opened nothing */
    APP_DENIED,
    APP_FAILED,
    APP_SCAN_ASK, /* a browser was scanned: may it be let in? */
    APP_SCAN_DONE,
    APP_SCAN_REFUSED,
    APP_BYE
};

struct phone_app {
    const char *client_id;
    const char *scope;
    struct jose_key key; /* in the phone's key store */
    bool is_in;
    char access_token[APP_TOKEN_MAX];
    char refresh_token[APP_TOKEN_MAX];
    char id_token[APP_TOKEN_MAX];
    char name[APP_TEXT_MAX];
    char level[APP_TEXT_MAX];
    unix_s login_at;

    /* A login under way. */
    char state[APP_TEXT_MAX];
    char nonce[APP_TEXT_MAX];
    char verifier[APP_TEXT_MAX];
};

struct handset {
    const char *issuer;
    const char *base_url;
    const char *redirect_uri;
    const char *page_partner; /* whose page the first app opens */
    struct phone_app apps[APPS_ON_PHONE];
    char pair_id_token[APP_TOKEN_MAX]; /* the keychain that both read */
    char pair_secret[APP_TEXT_MAX];
    enum app_news news;
    char error[APP_TEXT_MAX]; /* the provider's word for it */

    /* APP_SCAN_ASK */
    char confirmation[APP_TOKEN_MAX];
    char scanned_partner[APP_TEXT_MAX];
    char scanned_browser[APP_TEXT_MAX];
};

/* The address of a login in the system's browser; `raise` asks for l2 and no less. */
const char *app_login_url(struct handset *phone, struct arena *arena, enum app_place place,
                          bool raise);
/* She is back: the query of the redirect. */
void app_login_end(struct handset *phone, struct arena *arena, const char *query);

/* The second app asks for tokens by what the first has put into the keychain. */
void app_share(struct handset *phone, struct arena *arena);

/* Opens the partner's page: where to and with which cookie of its web view; false: news tells. */
bool app_page_open(struct handset *phone, struct arena *arena, const char **location,
                   const char **cookie);

/* A browser's code that was scanned, and her answer. */
void app_scan(struct handset *phone, struct arena *arena, const char *text);
void app_scan_answer(struct handset *phone, struct arena *arena, bool yes);

/* Forgets all, and gives the address that ends the session. */
const char *app_logout_url(struct handset *phone, struct arena *arena);

#endif
