/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The world with a bank network, an SMS gateway, a card office and WeChat in it: simulators started once for a program, on
 * free ports. They live on between the tests, so each test draws other random numbers than the one
 * before (orders and nonces are for once).
 */
#ifndef TESTS_WORLD_SIMS_H
#define TESTS_WORLD_SIMS_H

#include "tests/world.h"

int world_setup_with_sims(void **state);
int world_group_setup_with_sims(void **state);
int world_group_teardown_with_sims(void **state);

#define world_sims_test(name)                                                                      \
    cmocka_unit_test_setup_teardown(name, world_setup_with_sims, world_teardown)
#define world_sims_run(tests)                                                                      \
    cmocka_run_group_tests(tests, world_group_setup_with_sims, world_group_teardown_with_sims)

/* "hang=on", "down=off"; teardown does not take it back. */
void world_bank_control(struct world *w, const char *form);
/* "fail=on", "fail=off". */
void world_sms_control(struct world *w, const char *form);

/* "slow=on", "lie=off", "down=on", "revoke=on"; teardown does not take it back. */
void world_wechat_control(struct world *w, const char *form);
/* How often WeChat was asked for "access_token", "stable_token" … in this program so far. */
int64_t world_wechat_calls(struct world *w, const char *name);
/* "manner=hang", "manner=ok", "card_no=X00000019&state=lost" (tests/sims/card_bureau_sim.c). */
void world_card_control(struct world *w, const char *form);

/* What the newest message to the number says under that name (template_code, partner). */
const char *world_sms_says(struct world *w, const char *phone, const char *member);

/* The newest code sent to the number (national), and how many messages it ever
 * got. NULL and 0 for none. */
const char *world_sms_code(struct world *w, const char *phone);
size_t world_sms_count(struct world *w, const char *phone);
/* What the newest message says was changed; NULL when it is a code, or there is none. */
const char *world_sms_notice(struct world *w, const char *phone);

/* How often the network was asked to check, and asked about, all orders of this program so far. */
struct world_bank_traffic {
    int64_t checks;
    int64_t queries;
};

struct world_bank_traffic world_bank_traffic(struct world *w);

#endif
