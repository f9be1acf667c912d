/* SPDX-License-Identifier: Apache-2.0 */
/* What a person sees of where her card was used. */
#include <string.h>

#include "idp/session/session.h"
#include "idp/tables/card_use.h"
#include "protocols/pages/words.h"
#include "tests/protocols/card/page_kit.h"

static void
use_put(struct world *w, int n, int i, const char *partner_id, const char *shown_by)
{
    const struct stored_card_use use = {
        .person_id = world_person(w, n),
        .use_id = arena_printf(w->arena, "use%d-%d", n, i),
        .at = world_ctx(w).now - i,
        .card_id = "c_world0000000000000000A",
        .partner_id = partner_id,
        .terminal_id = "",
        .purpose = i % 2 == 0 ? "show" : "serve",
        .shown_by = shown_by,
    };

    world_must(store_card_use_insert(w->store, &use), "no use");
}

static void
open_history(struct world *w, const char *query)
{
    world_get(w, arena_printf(w->arena, "/card/history%s", query));
    assert_int_equal(w->answer.status, 200);
}

static size_t
uses_shown(const struct world *w)
{
    size_t count = 0;

    for (const char *at = w->answer.body; (at = strstr(at, "class=\"what\"")) != NULL; at++)
        count++;
    return count;
}

static void
each_use_tells_when_who_and_what_for(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    open_history(w, "");
    assert_true(page_shows(w, "nothing"));
    use_put(w, 0, 0, "hospital", "");
    use_put(w, 0, 3601, "gone", world_person(w, 1));
    use_put(w, 1, 0, "hospital", "");
    open_history(w, "");
    assert_int_equal(uses_shown(w), 2);
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_for_show)));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_for_serve)));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_history_gone)));
    assert_true(page_has(w, "2026-01-01 08:00"));
    assert_true(page_has(w, "由家人 "));
    assert_false(page_has(w, "c_world"));
    assert_true(page_shows(w, "loss-link"));
    assert_false(page_shows(w, "older"));
}

static void
a_long_history_is_read_page_by_page(void **state)
{
    struct world *w = *state;
    const char *older;

    world_log_in(w, 0);
    for (int i = 0; i < CARD_USE_PAGE + 3; i++)
        use_put(w, 0, i, "hospital", "");
    open_history(w, "");
    assert_int_equal(uses_shown(w), CARD_USE_PAGE);
    older = strstr(w->answer.body, "id=\"older\" href=\"/card/history") + 30;
    open_history(w, arena_copy(w->arena, older, strcspn(older, "\"")));
    assert_int_equal(uses_shown(w), 3);
    open_history(w, "?before=x");
    assert_int_equal(uses_shown(w), CARD_USE_PAGE);
}

static void
who_may_not_see_the_card_does_not_see_its_history(void **state)
{
    static const struct session nobody;
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct proof proof = { .person_id = world_person(w, 0), .amr = "wechat" };
    struct session session;
    const char *cookie;

    world_get(w, "/card/history");
    assert_string_equal(world_header(w, "Location"), "/card");
    world_must(session_begin(&ctx, &nobody, &proof, &session, &cookie), "no session");
    world_cookie_put(w, "__Host-session", cookie);
    world_get(w, "/card/history");
    assert_string_equal(world_header(w, "Location"), "/card");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(each_use_tells_when_who_and_what_for),
        world_test(a_long_history_is_read_page_by_page),
        world_test(who_may_not_see_the_card_does_not_see_its_history),
    };

    return world_run(tests);
}
