/* SPDX-License-Identifier: Apache-2.0 */
/* The demo's self-service terminal: what it is, what is on its one screen, and what it asks the
 * identity provider. */
#ifndef TESTS_SIMS_KIT_KIOSK_H
#define TESTS_SIMS_KIT_KIOSK_H

#include <stdbool.h>

#include "idp/base/buf.h"
#include "idp/base/env.h"
#include "tests/sims/kit_jose.h"

#define KIOSK_TEXT_MAX 256
#define KIOSK_TOKEN_MAX 2048
#define KIOSK_PIN_MAX 16
#define KIOSK_CARDS 4

enum kiosk_screen {
    KIOSK_HOME,
    KIOSK_PHONE, /* shows a code, and waits for the telephone */
    KIOSK_CARD,  /* waits for a card */
    KIOSK_PIN,   /* has one, and waits for its PIN */
    KIOSK_IN,    /* somebody is logged in */
    KIOSK_BYE,
    KIOSK_WRONG /* says what went wrong: `trouble` */
};

/* A card that may be put into the demo's reader, and what its holder will see. */
struct kiosk_card {
    const char *reading;
    const char *name;
    const char *note_zh;
    const char *note_en;
};
extern const struct kiosk_card kiosk_cards[KIOSK_CARDS];

struct kiosk_machine {
    const char *issuer;
    const char *client_id;
    const char *scope;
    int64_t idle_s; /* nobody pressed anything for so long: over */

    /* Since it was enrolled. */
    struct jose_key key;
    char terminal_id[KIOSK_TEXT_MAX];
    char place[KIOSK_TEXT_MAX];
    char agency[KIOSK_TEXT_MAX];

    enum kiosk_screen screen;
    unix_s since;   /* of this screen */
    unix_s pressed; /* the last time somebody did something */

    /* KIOSK_PHONE */
    char device_code[KIOSK_TOKEN_MAX];
    char user_code[KIOSK_TEXT_MAX];
    char address[KIOSK_TEXT_MAX];
    char address_complete[KIOSK_TEXT_MAX * 2];
    char match_number[8];
    unix_s code_until;
    unix_s poll_at;
    int64_t interval_s;

    /* KIOSK_PIN */
    const struct kiosk_card *card;
    char pin[KIOSK_PIN_MAX + 1];

    /* KIOSK_IN */
    char access_token[KIOSK_TOKEN_MAX];
    char refresh_token[KIOSK_TOKEN_MAX];
    char name[KIOSK_TEXT_MAX];
    char level[8];
    char factors[64];
    bool by_card;
    unix_s session_until;
    /* Her electronic card: "yes", or the provider's error code; "": not asked for. */
    char issued[KIOSK_TEXT_MAX];

    char trouble[KIOSK_TEXT_MAX]; /* the provider's error code, or one of ours */
};

/* With the code of an operator; false when the provider does not take it. */
bool kiosk_set_up(struct kiosk_machine *kiosk, struct arena *arena, const char *code);

/* What somebody presses. */
void kiosk_ask_phone(struct kiosk_machine *kiosk, struct arena *arena);
void kiosk_insert(struct kiosk_machine *kiosk, const struct kiosk_card *card);
void kiosk_key(struct kiosk_machine *kiosk, struct arena *arena, const char *key);
void kiosk_stay(struct kiosk_machine *kiosk, struct arena *arena);
void kiosk_issue(struct kiosk_machine *kiosk, struct arena *arena);
void kiosk_leave(struct kiosk_machine *kiosk, struct arena *arena);
void kiosk_show(struct kiosk_machine *kiosk, enum kiosk_screen screen);

/* What happens by itself, whenever the screen is drawn: polls, and ends what was left. */
void kiosk_tick(struct kiosk_machine *kiosk, struct arena *arena);

/* Seconds until it ends by itself. */
int64_t kiosk_left_s(const struct kiosk_machine *kiosk);

#endif
