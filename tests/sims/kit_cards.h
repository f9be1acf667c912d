/* SPDX-License-Identifier: Apache-2.0 */
/* The physical cards of card_bureau_sim, its feed of their changes, and what it was told of losses. */
#ifndef TESTS_SIMS_KIT_CARDS_H
#define TESTS_SIMS_KIT_CARDS_H

#include <jansson.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/buf.h"

#define SIM_CARDS_MAX 64
#define SIM_CHANGES_MAX 4096
#define SIM_LOSSES_MAX 256
#define SIM_TEXT_MAX 64

struct sim_card {
    char card_no[SIM_TEXT_MAX];
    char region[SIM_TEXT_MAX];
    char identity_number[SIM_TEXT_MAX];
    char name[SIM_TEXT_MAX];
    char pin[SIM_TEXT_MAX];
    char
        state[SIM_TEXT_MAX]; /* normal lost not_enabled void provisional cancelled locked expired */
    char valid_from[SIM_TEXT_MAX];
    char valid_to[SIM_TEXT_MAX];
    int64_t lapses_at;
    int wrong; /* PINs in a row */
};

struct sim_loss {
    char message_id[SIM_TEXT_MAX];
    char card_no[SIM_TEXT_MAX];
    char kind[SIM_TEXT_MAX];
};

struct sim_cards {
    struct sim_card cards[SIM_CARDS_MAX];
    size_t count;
    struct sim_card changes[SIM_CHANGES_MAX]; /* the one at i has position i + 1 */
    size_t change_count;
    struct sim_loss losses[SIM_LOSSES_MAX];
    size_t loss_count;
    char feed[SIM_TEXT_MAX]; /* how the feed misbehaves */
    char loss[SIM_TEXT_MAX]; /* how messages of losses are taken: "ok", "refused", "later" */
    int64_t pulls;
};

/* The cards of the demo's and the tests' people. */
void sim_cards_begin(struct sim_cards *cards);

struct sim_card *sim_card_find(struct sim_cards *cards, const char *card_no);

/* A form: card_no and any other member of a card, which is made or changed; times=N: the change is told
 * N times. */
void sim_card_put(struct sim_cards *cards, struct arena *arena, const char *form);

/* Puts code, position, as_of, more and changes behind the members that are in `payload`. */
void sim_changes_write(struct sim_cards *cards, const json_t *question, struct buf *payload);

/* The code that answers a message of a loss. */
const char *sim_loss_take(struct sim_cards *cards, const json_t *question);

/* The member "losses": what was told so far. */
void sim_losses_write(const struct sim_cards *cards, struct buf *json);

#endif
