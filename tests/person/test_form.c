/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/form.h"

#include "keys/secret.h"
#include "tests/world.h"

static void
a_form_is_spent_once_and_another_is_another(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct digest form = digest_of_text("a form");
    struct digest other = digest_of_text("another form");

    assert_int_equal(form_spend(&ctx, &form), OK);
    assert_int_equal(form_spend(&ctx, &form), ERR_CONFLICT);
    assert_int_equal(form_spend(&ctx, &other), OK);
}

/* As long as its transaction opens, it is known. */
static void
a_spent_form_is_remembered_as_long_as_it_could_be_sent(void **state)
{
    static const char sql[] = "SELECT until FROM spent";
    const struct arg args[] = { ARG_END };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct digest form = digest_of_text("a form");
    int64_t until = 0;
    const struct out outs[] = { out_int(&until), OUT_END };

    assert_int_equal(form_spend(&ctx, &form), OK);
    assert_int_equal(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }),
        OK);
    assert_int_equal(until, WORLD_NOW + w->settings.life.transaction_s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_form_is_spent_once_and_another_is_another),
        world_test(a_spent_form_is_remembered_as_long_as_it_could_be_sent),
    };

    return world_run(tests);
}
