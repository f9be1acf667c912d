/* SPDX-License-Identifier: Apache-2.0 */
/* The card office's simulator, started once for a program, and the connector to it. */
#ifndef TESTS_CONNECT_CARD_FIXTURE_H
#define TESTS_CONNECT_CARD_FIXTURE_H

/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <stdlib.h>

#include "idp/base/json.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/connect/card_wire.h"
#include "idp/connect/physical_card.h"
#include "tests/connect/sim_process.h"

#define NOW 1767225600 /* 2026-01-01T00:00:00Z */

struct card_fixture {
    struct sim_process sim;
    struct settings settings;
    struct https *https;
    struct card_bureau *bureau;
    const struct card_wire *wire;
    struct arena *arena;
};

static inline int
card_sim_setup(void **state, const char *program)
{
    struct card_fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    *state = f;
    log_set_level(LOG_ERROR);
    return sim_start(&f->sim, program);
}

static inline int
card_group_teardown(void **state)
{
    struct card_fixture *f = *state;
    int status = sim_stop(&f->sim);

    free(f);
    return status;
}

static inline void
card_reopen(struct card_fixture *f)
{
    card_bureau_free(f->bureau);
    f->bureau = NULL;
    assert_int_equal(card_bureau_new(&f->settings, f->https, env_machine(), &f->bureau), OK);
    f->wire = card_bureau_wire(f->bureau);
}

/* What the simulator says of itself; a form is done before. */
static inline const json_t *
card_control(struct card_fixture *f, const char *form)
{
    struct https_answer answer;
    const struct https_request request = {
        .method = form != NULL ? "POST" : "GET",
        .url = arena_printf(f->arena, "http://127.0.0.1:%d/_control", f->sim.port),
        .trust = TRUST_CONFIGURED,
        .content_type = form != NULL ? "application/x-www-form-urlencoded" : NULL,
        .body = bytes_of_text(form != NULL ? form : ""),
        .deadline_s = 5,
        .max_answer_bytes = 1 << 20,
    };

    assert_int_equal(https_call(f->https, f->arena, &request, &answer), OK);
    return json_read(f->arena, answer.body);
}

static inline int
card_setup(void **state)
{
    struct card_fixture *f = *state;

    f->arena = arena_new(32 << 20);
    f->settings = (struct settings) {
        .card_bureau = { .url = arena_printf(f->arena, "http://127.0.0.1:%d/", f->sim.port),
                         .app_id = "tongxing",
                         .secret = "card-secret-0123456789-0123456789",
                         .max_in_flight = 4,
                         .deadline_s = 1 },
        .outbound = { .ca_file = "" },
    };
    f->https = https_new(&f->settings);
    assert_non_null(f->https);
    f->bureau = NULL;
    card_reopen(f);
    (void)card_control(f, "manner=ok&feed=ok&loss=ok&card_no=X00000019&state=normal");
    return 0;
}

static inline int
card_teardown(void **state)
{
    struct card_fixture *f = *state;

    card_bureau_free(f->bureau);
    https_free(f->https);
    arena_free(f->arena);
    return 0;
}

/* The group's setup: SIM_DIR is the program's. */
#define CARD_GROUP_SETUP                                                                           \
    static int card_group_setup(void **state)                                                      \
    {                                                                                              \
        return card_sim_setup(state, SIM_DIR "/card_bureau_sim");                                  \
    }

#define card_test(name) cmocka_unit_test_setup_teardown(name, card_setup, card_teardown)

#endif
