/* SPDX-License-Identifier: Apache-2.0 */
/* What a card code has begun ends with the card: a loss is seen at userinfo and introspection by the next request. */
#include "idp/card/loss.h"
#include "tests/protocols/card/scan_kit.h"

static void
report_lost(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct card card;

    assert_null(card_lose(
        &ctx,
        &(struct loss_report) { world_person(w, CARD_OF), CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE },
        &card));
    assert_int_equal(card.state, CARD_SUSPENDED);
}

static void
qr_08_a_token_exchanged_for_a_code_is_not_active_after_a_loss(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *token;

    scanner_post(&scene.clinic, "/oauth2/token",
                 arena_printf(w->arena, "grant_type=%s&subject_token_type=%s&subject_token=%s",
                              world_url(w, EXCHANGE), world_url(w, CARD_CODE_TYPE),
                              scene_code(&scene, CARD_PURPOSE_serve)));
    assert_int_equal(w->answer.status, 200);
    token = world_tokens_of(w).access;
    ask_userinfo(w, "Bearer", token, NULL);
    assert_int_equal(w->answer.status, 200);
    report_lost(w);
    ask_userinfo(w, "Bearer", token, NULL);
    assert_refused(w, &problem_bearer_invalid);
    scanner_post(&scene.clinic, "/oauth2/introspect", arena_printf(w->arena, "token=%s", token));
    assert_string_equal(w->answer.body, "{\"active\":false}");
}

static void
qr_08_who_logged_in_at_a_terminal_by_a_code_is_out_after_a_loss(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct world_tokens tokens;

    kiosk_post(&scene.kiosk,
               arena_printf(w->arena,
                            "grant_type=" CARD_CODE_GRANT "&scope=openid%%20profile&card_code=%s",
                            scene_code(&scene, CARD_PURPOSE_login)));
    assert_int_equal(w->answer.status, 200);
    tokens = world_tokens_of(w);
    assert_true(kiosk_token_works(&scene.kiosk, tokens.access));
    report_lost(w);
    assert_false(kiosk_token_works(&scene.kiosk, tokens.access));
    kiosk_post(&scene.kiosk,
               arena_printf(w->arena, "grant_type=refresh_token&refresh_token=%s", tokens.refresh));
    assert_refused(w, &problem_refresh_token_invalid);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(qr_08_a_token_exchanged_for_a_code_is_not_active_after_a_loss),
        scene_test(qr_08_who_logged_in_at_a_terminal_by_a_code_is_out_after_a_loss),
    };

    return world_run(tests);
}
