/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <arpa/inet.h>
#include <cmocka.h>
#include <string.h>

#include "idp/server/engine/crowd.h"

#define SEATS 2000
#define UNITS 300
#define PER_UNIT 16

static struct unit
v6(const char *text)
{
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

    assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
    return unit_of((const struct sockaddr *)&in6);
}

static struct unit
v4(const char *text)
{
    struct sockaddr_in in = { .sin_family = AF_INET };

    assert_int_equal(inet_pton(AF_INET, text, &in.sin_addr), 1);
    return unit_of((const struct sockaddr *)&in);
}

static bool
is_one(struct unit a, struct unit b)
{
    return a.network == b.network && a.host == b.host;
}

static void
z9_an_address_is_counted_by_what_one_household_has(void **state)
{
    (void)state;
    assert_true(is_one(v6("2001:db8:1:2::1"), v6("2001:db8:1:2:ffff:ffff:ffff:ffff")));
    assert_false(is_one(v6("2001:db8:1:2::1"), v6("2001:db8:1:3::1")));
    assert_true(is_one(v6("::ffff:192.0.2.1"), v4("192.0.2.1")));
    assert_false(is_one(v4("192.0.2.1"), v4("192.0.2.2")));
}

struct model {
    struct crowd *crowd;
    struct seat seats[SEATS];
    int unit_of[SEATS];    /* -1: standing */
    int idle_since[SEATS]; /* 0: busy */
    int clock;
};

static struct unit
numbered(int number)
{
    return (struct unit) { .network = (uint64_t)number };
}

static int
idle_of(const struct model *m, int unit)
{
    int count = 0;

    for (int i = 0; i < SEATS; i++)
        count += m->unit_of[i] == unit && m->idle_since[i] > 0;
    return count;
}

/* The rules written down as plainly as can be, against the structure that keeps to a fixed time. */
static void
assert_agrees(const struct model *m)
{
    const struct seat *idlest = crowd_idlest(m->crowd);
    int most = 0;
    size_t sitting = 0;

    for (int i = 0; i < SEATS; i++)
        sitting += m->unit_of[i] >= 0;
    assert_int_equal(crowd_size(m->crowd), sitting);
    for (int unit = 1; unit < UNITS; unit++)
        most = idle_of(m, unit) > most ? idle_of(m, unit) : most;
    assert_int_equal(idlest != NULL, most > 0);
    if (idlest == NULL)
        return;
    int chosen = (int)(idlest - m->seats);
    assert_int_equal(idle_of(m, m->unit_of[chosen]), most);
    for (int i = 0; i < SEATS; i++)
        assert_false(m->unit_of[i] == m->unit_of[chosen] && m->idle_since[i] > 0 &&
                     m->idle_since[i] < m->idle_since[chosen]);
    struct unit unit = numbered(m->unit_of[chosen]);
    assert_ptr_equal(crowd_idlest_of(m->crowd, &unit), idlest);
}

/* Unit 0 is exempt; the others keep to PER_UNIT as connections.c has it. */
static void
one_step(struct model *m, unsigned random)
{
    int i = (int)(random % SEATS);
    int number = (int)(random / SEATS % UNITS);
    struct unit unit = numbered(number);

    m->clock++;
    if (m->unit_of[i] < 0) {
        if (number != 0 && crowd_size_of(m->crowd, &unit) >= PER_UNIT)
            return;
        assert_int_equal(crowd_take(m->crowd, &unit, number == 0, &m->seats[i]), OK);
        m->unit_of[i] = number;
    } else if (random % 3 == 0) {
        crowd_leave(m->crowd, &m->seats[i]);
        m->unit_of[i] = -1;
        m->idle_since[i] = 0;
    } else {
        bool idle = m->idle_since[i] == 0;

        crowd_set_idle(m->crowd, &m->seats[i], idle);
        m->idle_since[i] = idle ? m->clock : 0;
    }
}

static void
whatever_happens_the_longest_idle_of_the_most_crowded_is_known(void **state)
{
    static struct model m;
    unsigned random = 12345;

    (void)state;
    for (int i = 0; i < SEATS; i++)
        m.unit_of[i] = -1;
    assert_int_equal(crowd_new(PER_UNIT, 42, &m.crowd), OK);
    for (int step = 0; step < 20000; step++) {
        random = random * 1103515245U + 12345U;
        one_step(&m, random >> 4);
        if (step % 400 == 0)
            assert_agrees(&m);
    }
    for (int i = 0; i < SEATS; i++)
        crowd_leave(m.crowd, &m.seats[i]);
    assert_int_equal(crowd_size(m.crowd), 0);
    assert_null(crowd_idlest(m.crowd));
    crowd_free(m.crowd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(z9_an_address_is_counted_by_what_one_household_has),
        cmocka_unit_test(whatever_happens_the_longest_idle_of_the_most_crowded_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
