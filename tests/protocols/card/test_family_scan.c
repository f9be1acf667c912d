/* SPDX-License-Identifier: Apache-2.0 */
/* Cards of a family, scanned: by whom, for what, and until when. */
#include "tests/card/family_kit.h"
#include "tests/protocols/card/scan_kit.h"

#include "idp/session/stop.h"

#define CHILD 1

/* A guardian (HER) may show the child's card; she is logged in in a browser of her own. */
struct family_scene {
    struct scene scene;
    const char *child_id;
    const char *card_id;
};

static struct family_scene
guardian_scene(struct world *w)
{
    struct family_scene family = { .scene = scene_new(w) };
    struct ctx ctx = world_ctx(w);
    enum family_way way;

    family.child_id = relative(w, CHILD, 20150618);
    family.card_id = world_card(w, CHILD);
    assert_int_equal(family_guard(&ctx,
                                  &(struct family_guarding) { world_person(w, HER), family.child_id,
                                                              KINSHIP_CHILD, "ticket 7" },
                                  &way),
                     OK);
    return family;
}

static const char *
childs_code(struct family_scene *family, enum card_purpose purpose)
{
    return code_of(family->scene.w, family->card_id, family->scene.sid, purpose);
}

static void
a_childs_card_is_scanned_and_its_history_says_who_showed_it(void **state)
{
    struct world *w = *state;
    struct family_scene family = guardian_scene(w);
    struct stored_card_use_list uses;

    scanner_verify(&family.scene.clinic, childs_code(&family, CARD_PURPOSE_show));
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "name_masked"), "张*丰");
    assert_int_equal(store_card_use_list(w->store, w->arena, family.child_id, TIME_NEVER, &uses),
                     OK);
    assert_int_equal(uses.count, 1);
    assert_string_equal(uses.at[0].shown_by, world_person(w, HER));
    assert_string_equal(uses.at[0].card_id, family.card_id);
}

/* Also of a code that was shown before: it is looked at when it is scanned. */
static void
qr_18_a_code_is_refused_once_the_guardianship_has_ended(void **state)
{
    struct world *w = *state;
    struct family_scene family = guardian_scene(w);
    struct ctx ctx = world_ctx(w);
    const char *code = childs_code(&family, CARD_PURPOSE_show);

    assert_int_equal(
        family_guard_end(&ctx, &(struct family_guarding) { world_person(w, HER), family.child_id,
                                                           KINSHIP_NONE, "ticket 8" }),
        OK);
    scanner_verify(&family.scene.clinic, code);
    assert_refused(w, &problem_card_code_not_good);
    assert_int_equal(world_rows_of(w, "card_use"), 0);
}

static void
qr_18_so_it_is_when_the_child_is_stopped(void **state)
{
    struct world *w = *state;
    struct family_scene family = guardian_scene(w);
    struct ctx ctx = world_ctx(w);
    const char *code = childs_code(&family, CARD_PURPOSE_serve);

    assert_int_equal(person_stop(&ctx, family.child_id, PERSON_DISABLED, "disabled"), OK);
    scanner_verify(&family.scene.clinic, code);
    assert_refused(w, &problem_card_code_not_good);
    assert_int_equal(world_rows_of(w, "card_use"), 0);
}

/* Whoever is no guardian of hers gets nowhere with a code that names her card. */
static void
qr_18_a_stranger_shows_no_card_of_hers(void **state)
{
    struct world *w = *state;
    struct family_scene family = guardian_scene(w);

    family.scene.sid = scene_session(w, 2);
    scanner_verify(&family.scene.clinic, childs_code(&family, CARD_PURPOSE_show));
    assert_refused(w, &problem_card_code_not_good);
    assert_int_equal(world_rows_of(w, "card_use"), 0);
}

static void
anothers_card_does_not_pay(void **state)
{
    struct world *w = *state;
    struct family_scene family = guardian_scene(w);

    scanner_verify(&family.scene.bank, childs_code(&family, CARD_PURPOSE_pay));
    assert_refused(w, &problem_card_code_not_good);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "family");
    assert_int_equal(world_rows_of(w, "card_use"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(a_childs_card_is_scanned_and_its_history_says_who_showed_it),
        scene_test(qr_18_a_code_is_refused_once_the_guardianship_has_ended),
        scene_test(qr_18_so_it_is_when_the_child_is_stopped),
        scene_test(qr_18_a_stranger_shows_no_card_of_hers),
        scene_test(anothers_card_does_not_pay),
    };

    return world_run(tests);
}
