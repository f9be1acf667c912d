/* SPDX-License-Identifier: Apache-2.0 */
/* A link by which a person chooses her password, sent from a counter and followed. */
#ifndef TESTS_PROTOCOLS_STAFF_RESET_KIT_H
#define TESTS_PROTOCOLS_STAFF_RESET_KIT_H

#include "idp/context/change.h"
#include "idp/person/credentials.h"
#include "tests/protocols/staff/present_kit.h"

#define NEW_PASSWORD "another thing to remember"
#define NEW_PASSWORDS "password=another+thing+to+remember&password_again=another+thing+to+remember"

/* The page that sends one to person 0, who has shown her paper. */
static inline struct journey
reset_page(struct world *w)
{
    w->settings.sms.template_code_reset = "SMS_RESET";
    return present_proven(w, "/staff/reset");
}

/* The link of the last message to person 0's number, opened. */
static inline struct journey
reset_open(struct world *w)
{
    struct journey j = { .w = w };

    world_get(
        w, arena_printf(w->arena, "/account/reset?l=%s", world_sms_says(w, "13800138000", "link")));
    journey_arrive(&j);
    return j;
}

/* From nothing to the page where she chooses. */
static inline struct journey
reset_choosing(struct world *w)
{
    struct journey j = reset_page(w);

    world_advance(w, 1); /* her password was set before */
    journey_post(&j, "/staff/reset", "");
    present_messages_deliver(w);
    return reset_open(w);
}

/* Is that person 0's password? */
static inline bool
reset_works(struct world *w, const char *password)
{
    struct ctx ctx = world_ctx(w);
    struct password_check check;

    assert_int_equal(password_check_begin(&ctx, world_person(w, 0), password, &check), OK);
    ask_password_check.run(&ctx, &check);
    return password_check_end(&ctx, &check) == OK;
}

#endif
