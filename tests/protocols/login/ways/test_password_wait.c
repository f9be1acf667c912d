/* SPDX-License-Identifier: Apache-2.0 */
/* Over the cap: what the page says, and what it offers instead. C3, AU-03. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/connect/sms.h"
#include "tests/world.h"

/* On a fresh page of our own, without a partner. */
static void
try_to_log_in(struct world *w, const char *phone, const char *password)
{
    world_open(w, "/login");
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), phone, world_url(w, password));
}

/* C3: it gives nothing away, for it counts by the number typed. */
static void
au_03_the_wait_is_told_alike_for_a_number_that_nobody_has(void **state)
{
    static const char *const numbers[] = { "13800138000", "13900139000" };
    struct world *w = *state;
    const char *told[2];

    world_person(w, 0);
    for (size_t n = 0; n < 2; n++) {
        const char *at;

        for (int i = 0; i < 6; i++)
            try_to_log_in(w, numbers[n], "wrong password");
        assert_refused(w, &problem_login_wait_5);
        at = strstr(w->answer.body, "id=\"problems\"");
        told[n] = arena_copy(w->arena, at, (size_t)(strstr(at, "?tx=") - at));
    }
    assert_string_equal(told[0], told[1]);
}

static void
a_text_message_is_named_only_where_one_can_be_sent(void **state)
{
    struct world *w = *state;

    w->settings.sms.url = "";
    sms_free(w->services.sms);
    assert_int_equal(sms_new(&w->settings, w->services.https, &w->env, &w->services.sms), OK);
    w->settings.limits.password_tries_address = 10;
    for (int i = 0; i < 6; i++)
        try_to_log_in(w, world_phone(0), "wrong password");
    assert_refused(w, &problem_login_wait_5);
    assert_null(strstr(w->answer.body, "短信"));
    for (int i = 0; i < 5; i++)
        try_to_log_in(w, world_phone(1), "wrong password");
    try_to_log_in(w, world_phone(2), "wrong password");
    assert_refused(w, &problem_login_network_full);
    assert_null(strstr(w->answer.body, "短信"));
    assert_null(strstr(w->answer.body, "register-link"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(au_03_the_wait_is_told_alike_for_a_number_that_nobody_has),
        world_test(a_text_message_is_named_only_where_one_can_be_sent),
    };

    return world_run(tests);
}
