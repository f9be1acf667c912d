/* SPDX-License-Identifier: Apache-2.0 */
/* POST /card/codes/batch: what a terminal has scanned while it was off line. */
#include "idp/base/buf.h"
#include "tests/protocols/card/scan_kit.h"

/* A batch that is being made. */
struct made_batch {
    struct scene *scene;
    struct buf text;
};

static struct made_batch
batch_new(struct scene *scene)
{
    return (struct made_batch) { scene, buf_new(scene->w->arena, 1024) };
}

static void
batch_line(struct made_batch *batch, const char *code, unix_s scanned_at)
{
    buf_text(&batch->text,
             arena_printf(batch->scene->w->arena, "%s+%lld%%0A", code, (long long)scanned_at));
}

static void
batch_send(struct made_batch *batch)
{
    kiosk_send(&batch->scene->kiosk, "/card/codes/batch",
               arena_printf(batch->scene->w->arena, "scans=%s", batch->text.at), NULL);
}

static void
assert_results(struct made_batch *batch, const char *json)
{
    batch_send(batch);
    assert_int_equal(batch->scene->w->answer.status, 200);
    assert_string_equal(batch->scene->w->answer.body,
                        arena_printf(batch->scene->w->arena, "{\"results\":[%s]}", json));
}

static void
qr_16_each_line_has_a_result_and_each_code_counts_once(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct made_batch batch = batch_new(&scene);
    const char *first = scene_code(&scene, CARD_PURPOSE_show);
    const char *second = scene_code(&scene, CARD_PURPOSE_show);
    struct stored_card_use_list uses;

    batch_line(&batch, first, WORLD_NOW + 5);
    batch_line(&batch, first, WORLD_NOW + 5);
    batch_line(&batch, first, WORLD_NOW + 9);
    batch_line(&batch, second, WORLD_NOW + 59);
    batch_line(&batch, "x.y.z", WORLD_NOW);
    world_advance(w, 3600);
    world_feed(w, 0);
    assert_results(&batch, "\"accepted\",\"not_good\",\"not_good\",\"accepted\",\"malformed\"");
    assert_int_equal(world_rows_of(w, "card_use"), 2);
    assert_int_equal(
        store_card_use_list(w->store, w->arena, world_person(w, CARD_OF), TIME_NEVER, &uses), OK);
    assert_int_equal(uses.at[0].at, WORLD_NOW + 59); /* as the terminal says */
    assert_string_equal(uses.at[0].terminal_id, scene.kiosk.terminal_id);
    /* Once more, for its answer was lost. */
    assert_results(&batch, "\"accepted\",\"not_good\",\"not_good\",\"accepted\",\"malformed\"");
    assert_int_equal(world_rows_of(w, "card_use"), 2);
}

static void
qr_16_stale_scans_are_refused(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct made_batch batch = batch_new(&scene);
    const char *code = scene_code(&scene, CARD_PURPOSE_show);

    batch_line(&batch, code, WORLD_NOW + 60); /* behind its minute */
    world_advance(w, 3600);
    world_feed(w, 0);
    assert_results(&batch, "\"not_good\"");
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "stale");
    batch = batch_new(&scene);
    batch_line(&batch, code, WORLD_NOW - 61); /* before it was there */
    assert_results(&batch, "\"not_good\"");
    batch = batch_new(&scene);
    batch_line(&batch, scene_code(&scene, CARD_PURPOSE_show), WORLD_NOW + 3600 + 61);
    assert_results(&batch, "\"not_good\""); /* of the future */
    batch = batch_new(&scene);
    batch_line(&batch, code, WORLD_NOW + 10);
    assert_results(&batch, "\"accepted\"");
    batch = batch_new(&scene);
    code = scene_code(&scene, CARD_PURPOSE_show);
    batch_line(&batch, code, WORLD_NOW + 3600);
    world_advance(w, 86400);
    world_feed(w, 0);
    assert_results(&batch, "\"not_good\""); /* older than a day */
    assert_int_equal(world_rows_of(w, "card_use"), 1);
}

static void
what_was_scanned_on_line_is_used_up_for_a_batch(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct made_batch batch = batch_new(&scene);
    const char *code = scene_code(&scene, CARD_PURPOSE_show);

    scanner_verify(&scene.clinic, code);
    assert_int_equal(w->answer.status, 200);
    batch_line(&batch, code, WORLD_NOW);
    assert_results(&batch, "\"not_good\"");
    assert_audited(w, AUDIT_CARD_CODE_REPLAYED, "used");
}

static void
a_card_that_was_lost_before_the_upload_is_refused_and_stays_so(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct made_batch batch = batch_new(&scene);

    batch_line(&batch, scene_code(&scene, CARD_PURPOSE_show), WORLD_NOW);
    world_physical_card(w, CARD_OF, PHYSICAL_LOST);
    assert_results(&batch, "\"not_good\"");
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "suspended");
    world_physical_card(w, CARD_OF, PHYSICAL_NORMAL);
    assert_results(&batch, "\"not_good\"");
    assert_int_equal(world_rows_of(w, "card_use"), 0);
}

static void
who_has_logged_out_since_had_shown_it_before(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct made_batch batch = batch_new(&scene);
    struct ctx ctx = world_ctx(w);
    const char *before = scene_code(&scene, CARD_PURPOSE_show);
    const char *behind = scene_code(&scene, CARD_PURPOSE_show);
    struct session session;

    world_advance(w, 20);
    ctx = world_ctx(w);
    assert_int_equal(session_find(&ctx, scene.sid, &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    batch_line(&batch, before, WORLD_NOW + 10);
    batch_line(&batch, behind, WORLD_NOW + 30);
    world_advance(w, 600);
    world_feed(w, 0);
    assert_results(&batch, "\"accepted\",\"not_good\"");
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "session");
}

static void
lines_of_another_purpose_and_while_the_register_is_stale_say_so(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct made_batch batch = batch_new(&scene);

    batch_line(&batch, scene_code(&scene, CARD_PURPOSE_serve), WORLD_NOW);
    batch_line(&batch, scene_code(&scene, CARD_PURPOSE_show), WORLD_NOW);
    world_feed(w, 31);
    assert_results(&batch, "\"purpose\",\"try_again\"");
    world_feed(w, 0);
    assert_results(&batch, "\"purpose\",\"accepted\"");
}

static void
a_terminal_that_guesses_is_not_listened_to_within_one_batch(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct made_batch batch = batch_new(&scene);
    const char *good = scene_code(&scene, CARD_PURPOSE_show);

    for (int i = 0; i < 21; i++)
        batch_line(&batch, arena_printf(w->arena, "x.%d.z", i), WORLD_NOW);
    batch_line(&batch, good, WORLD_NOW);
    batch_send(&batch);
    assert_non_null(strstr(w->answer.body, "\"malformed\",\"blocked\",\"blocked\"]"));
    assert_int_equal(world_rows_of(w, "card_use"), 0);
}

static void
two_hundred_lines_fit_into_one_request(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct made_batch batch = batch_new(&scene);

    for (int i = 0; i < CARD_BATCH_MAX; i++)
        batch_line(&batch, scene_code(&scene, CARD_PURPOSE_show), WORLD_NOW);
    batch_send(&batch);
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_rows_of(w, "card_use"), CARD_BATCH_MAX);
    batch_line(&batch, scene_code(&scene, CARD_PURPOSE_show), WORLD_NOW);
    batch_send(&batch);
    assert_refused(w, &problem_card_batch_malformed);
}

static void
only_terminals_that_scan_hand_batches_in(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);

    scanner_post(&scene.clinic, "/card/codes/batch", "scans=x+1");
    assert_refused(w, &problem_terminal_missing);
    kiosk_send(&scene.kiosk, "/card/codes/batch", "scans=x", NULL);
    assert_refused(w, &problem_card_batch_malformed);
    kiosk_send(&scene.kiosk, "/card/codes/batch", "scans=", NULL);
    assert_refused(w, &problem_card_batch_malformed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(qr_16_each_line_has_a_result_and_each_code_counts_once),
        scene_test(qr_16_stale_scans_are_refused),
        scene_test(what_was_scanned_on_line_is_used_up_for_a_batch),
        scene_test(a_card_that_was_lost_before_the_upload_is_refused_and_stays_so),
        scene_test(who_has_logged_out_since_had_shown_it_before),
        scene_test(lines_of_another_purpose_and_while_the_register_is_stale_say_so),
        scene_test(a_terminal_that_guesses_is_not_listened_to_within_one_batch),
        scene_test(two_hundred_lines_fit_into_one_request),
        scene_test(only_terminals_that_scan_hand_batches_in),
    };

    return world_run(tests);
}
