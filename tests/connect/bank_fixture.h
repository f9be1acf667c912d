/* SPDX-License-Identifier: Apache-2.0 */
/* A bank connector that talks to a simulator of its own. */
#ifndef TESTS_CONNECT_BANK_FIXTURE_H
#define TESTS_CONNECT_BANK_FIXTURE_H

/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/connect/bank_unionpay.h"
#include "tests/connect/sim_process.h"

#define NOW 1767225600 /* 2026-01-01T00:00:00Z */

struct bank_fixture {
    struct sim_process sim;
    struct settings settings;
    struct https *https;
    struct bank *bank;
    struct arena *arena;
    int orders; /* each check has its own */
};

static const struct bank_check zhang_san = {
    .name = "张三",
    .identity_number = "11010519491231002X",
    .card_no = "6216261000000000018",
    .phone = "13800138000",
    .txn_time = NOW,
};

static inline const char *
folder_file(struct bank_fixture *f, const char *name)
{
    return arena_printf(f->arena, "%s/%s", f->sim.folder, name);
}

static inline struct settings
settings_for(struct bank_fixture *f)
{
    return (struct settings) {
        .bank = { .url = arena_printf(f->arena, "http://127.0.0.1:%d/gateway/api/", f->sim.port),
                  .merchant_id = "777290058110097",
                  .biz_type = "001001",
                  .certificate_file = folder_file(f, "merchant.pem"),
                  .key_file = folder_file(f, "merchant.key"),
                  .root_file = folder_file(f, "root.pem"),
                  .middle_file = folder_file(f, "middle.pem"),
                  .max_in_flight = 4,
                  .deadline_s = 10 },
        .outbound = { .ca_file = "" },
    };
}

/* `program` is the simulator's. */
static inline int
fixture_start(void **state, const char *program)
{
    struct bank_fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    *state = f;
    return sim_start(&f->sim, program);
}

static inline int
group_teardown(void **state)
{
    struct bank_fixture *f = *state;
    int status = sim_stop(&f->sim);

    free(f);
    return status;
}

static inline void
bank_open(struct bank_fixture *f)
{
    assert_int_equal(bank_new(&f->settings, f->https, &f->bank), OK);
}

/* A bank made anew after a test changed the settings. */
static inline void
bank_reopen(struct bank_fixture *f)
{
    bank_free(f->bank);
    bank_open(f);
}

static inline int
setup(void **state)
{
    struct bank_fixture *f = *state;

    f->arena = arena_new(8 << 20);
    f->settings = settings_for(f);
    f->https = https_new(&f->settings);
    assert_non_null(f->https);
    bank_open(f);
    return 0;
}

static inline int
teardown(void **state)
{
    struct bank_fixture *f = *state;

    bank_free(f->bank);
    https_free(f->https);
    arena_free(f->arena);
    return 0;
}

static inline struct bank_check
ordered(struct bank_fixture *f, const struct bank_check *check)
{
    struct bank_check copy = *check;

    if (copy.order_id == NULL)
        copy.order_id = arena_printf(f->arena, "T%012d", ++f->orders);
    copy.txn_time = NOW;
    return copy;
}

static inline struct bank_answer
check(struct bank_fixture *f, const struct bank_check *person)
{
    struct bank_check copy = ordered(f, person);
    struct bank_answer answer;

    bank_check(f->bank, f->arena, &copy, NOW, &answer);
    return answer;
}

static inline struct bank_answer
query(struct bank_fixture *f, const struct bank_check *order)
{
    struct bank_answer answer;

    bank_query(f->bank, f->arena, order, NOW, &answer);
    return answer;
}

/* The simulator's own person whose card ends so. */
static inline struct bank_check
person_with_card_ending(struct bank_fixture *f, const char *ending)
{
    FILE *file = fopen(folder_file(f, "people.tsv"), "re");
    struct bank_check person = { 0 };
    char line[512];

    assert_non_null(file);
    while (person.name == NULL && fgets(line, sizeof(line), file) != NULL) {
        char name[64], identity_number[32], card[32], phone[32];

        if (sscanf(line, "%63[^\t]\t%31[^\t]\t%31[^\t]\t%31[0-9]", name, identity_number, card,
                   phone) != 4 ||
            strcmp(card + strlen(card) - strlen(ending), ending) != 0)
            continue;
        person.name = arena_text(f->arena, name);
        person.identity_number = arena_text(f->arena, identity_number);
        person.card_no = arena_text(f->arena, card);
        person.phone = arena_text(f->arena, phone);
    }
    fclose(file);
    if (person.name == NULL)
        fail_msg("nobody has a card that ends in %s", ending);
    return ordered(f, &person);
}

static inline void
control(struct bank_fixture *f, const char *form)
{
    struct https_answer answer;
    const struct https_request request = {
        .method = "POST",
        .url = arena_printf(f->arena, "http://127.0.0.1:%d/_control", f->sim.port),
        .trust = TRUST_CONFIGURED,
        .content_type = "application/x-www-form-urlencoded",
        .body = bytes_of_text(form),
        .deadline_s = 5,
        .max_answer_bytes = 1 << 20,
    };

    assert_int_equal(https_call(f->https, f->arena, &request, &answer), OK);
    assert_int_equal(answer.status, 200);
}

/* How many checks of this order the network has seen. */
static inline json_int_t
checks_seen(struct bank_fixture *f, const char *order_id)
{
    struct https_answer answer;
    const struct https_request request = {
        .method = "GET",
        .url = arena_printf(f->arena, "http://127.0.0.1:%d/_control", f->sim.port),
        .trust = TRUST_CONFIGURED,
        .deadline_s = 5,
        .max_answer_bytes = 1 << 20,
    };
    json_int_t seen = 0;
    json_t *order;
    json_t *root;
    size_t i;

    assert_int_equal(https_call(f->https, f->arena, &request, &answer), OK);
    root = json_loadb((const char *)answer.body.at, answer.body.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    json_array_foreach(json_object_get(root, "orders"), i, order)
    {
        if (strcmp(json_string_value(json_object_get(order, "order")), order_id) == 0)
            seen = json_integer_value(json_object_get(order, "checks"));
    }
    json_decref(root);
    return seen;
}

static inline void
assert_answer(struct bank_answer answer, enum bank_outcome outcome, const char *code, bool alarm)
{
    assert_string_equal(bank_outcome_name(answer.outcome), bank_outcome_name(outcome));
    assert_string_equal(answer.code, code);
    assert_int_equal(answer.alarm, alarm);
}

#endif
