/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner is told of her electronic social-security card (docs/adr/0055). */
#include <jansson.h>
#include <string.h>

#include "idp/partner/registry.h"
#include "idp/person/card.h"
#include "idp/person/vault.h"
#include "idp/session/release.h"
#include "idp/session/token.h"
#include "idp/tables/person.h"
#include "tests/world.h"

#define AT_USERINFO(wish) "{\"userinfo\":{\"card\":" wish "}}"
#define WHOLE                                                                                      \
    "\"region\":\"" WORLD_REGION "\",\"level\":1,\"state\":\"active\",\"valid_to\":\"2035-01-01\"}"

static struct approval
approval_of(struct world *w, const char *scope, const char *claims)
{
    return (struct approval) {
        .subject.id = world_person(w, 0), .partner_id = "webhall", .scope = scope, .claims = claims
    };
}

static const char *
told_at(struct world *w, const char *partner_id, const char *scope, const char *claims)
{
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of(w, scope, claims);
    struct buf out = buf_new(w->arena, 512);

    assert_int_equal(
        release_userinfo(&ctx, registry_find(w->services.registry, partner_id), &approval, &out),
        OK);
    return out.at;
}

static const char *
told(struct world *w, const char *scope, const char *claims)
{
    return told_at(w, "webhall", scope, claims);
}

/* Member of the claim `card`, as JSON; "" when there is no such claim. */
static const char *
card_member(struct world *w, const char *json, const char *name)
{
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
    json_t *member = json_object_get(json_object_get(root, "card"), name);
    char *text = member != NULL ? json_dumps(member, JSON_ENCODE_ANY) : NULL;
    const char *copy = arena_text(w->arena, text != NULL ? text : "");

    free(text);
    json_decref(root);
    return copy;
}

static const char *
reference(struct world *w, const char *partner_id)
{
    return card_member(w, told_at(w, partner_id, "openid card", ""), "ref");
}

static void
the_scope_tells_reference_region_level_state_and_last_day(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *card_id = world_card(w, 0);
    const char *json = told(w, "openid card", "");

    assert_non_null(strstr(json, WHOLE));
    assert_string_equal(
        card_member(w, json, "ref"),
        arena_printf(w->arena, "\"%s\"",
                     card_ref_for(&ctx, registry_find(w->services.registry, "webhall"), card_id)));
    assert_null(strstr(json, card_id));
    assert_null(strstr(json, "A10000000"));
}

static void
no_other_scope_tells_of_the_card(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    assert_null(strstr(told(w, "openid profile phone realname identity_number", ""), "card"));
    assert_null(strstr(told(w, "openid", AT_USERINFO("null")), "card\""));
}

static void
who_has_none_is_told_without_it(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of(w, "openid card", "");
    const struct partner *webhall = registry_find(w->services.registry, "webhall");
    const char *card = "untouched";

    assert_null(strstr(told(w, "openid card card_number", ""), "card"));
    assert_int_equal(release_card(&ctx, webhall, approval.subject.id, &card), OK);
    assert_null(card);
}

static void
a_reference_is_of_one_sector_and_of_one_card(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct partner *webhall = registry_find(w->services.registry, "webhall");
    const char *here;

    world_card(w, 0);
    here = reference(w, "webhall");
    assert_string_equal(reference(w, "webhall"), here);
    assert_string_not_equal(reference(w, "hospital"), here);
    /* The card that takes its place has another id, so whoever keeps the reference sees it. */
    assert_string_not_equal(card_ref_for(&ctx, webhall, "c_one"),
                            card_ref_for(&ctx, webhall, "c_two"));
    assert_string_not_equal(card_ref_for(&ctx, webhall, "c_one"),
                            subject_for(&ctx, webhall, "c_one"));
}

static void
the_number_has_a_scope_of_its_own(void **state)
{
    struct world *w = *state;
    const char *json;

    world_card(w, 0);
    json = told(w, "openid card_number", "");
    assert_non_null(strstr(json, "\"card_number\":\"A10000000\""));
    assert_null(strstr(json, "\"card\":"));
    json = told(w, "openid card card_number", "");
    assert_non_null(strstr(json, "\"card_number\":\"A10000000\""));
    assert_non_null(strstr(json, WHOLE));
    assert_null(strstr(told(w, "openid card", "{\"userinfo\":{\"card_number\":null}}"), "A1000"));
}

static void
a_number_that_was_tampered_with_is_not_told(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of(w, "openid card_number", "");
    struct buf out = buf_new(w->arena, 512);
    const struct arg args[] = { arg_bytes(bytes_of_text("nothing sealed")), ARG_END };

    world_card(w, 0);
    assert_int_equal(
        store_run(w->store, &(struct query) { .sql = "UPDATE physical_card SET number_sealed = $1",
                                              .args = args }),
        OK);
    assert_int_equal(
        release_userinfo(&ctx, registry_find(w->services.registry, "webhall"), &approval, &out),
        ERR_FORGED);
    assert_non_null(strstr(told(w, "openid card", ""), WHOLE));
}

static void
its_state_is_the_one_of_now(void **state)
{
    static const struct {
        int64_t physical;
        const char *told;
    } cases[] = {
        { PHYSICAL_NORMAL, "\"active\"" },     { PHYSICAL_LOST, "\"suspended\"" },
        { PHYSICAL_LOCKED, "\"suspended\"" },  { PHYSICAL_PROVISIONAL, "\"suspended\"" },
        { PHYSICAL_NORMAL, "\"active\"" },     { PHYSICAL_NOT_ENABLED, "\"inactive\"" },
        { PHYSICAL_CANCELLED, "\"revoked\"" },
    };
    struct world *w = *state;

    world_card(w, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_physical_card(w, 0, cases[i].physical);
        assert_string_equal(card_member(w, told(w, "openid card", ""), "state"), cases[i].told);
    }
}

static void
qr_19_nobody_is_told_that_a_card_is_good_by_a_mirror_that_is_too_old(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    world_feed(w, 30);
    assert_string_equal(card_member(w, told(w, "openid card", ""), "state"), "\"active\"");
    world_feed(w, 31);
    assert_string_equal(card_member(w, told(w, "openid card", ""), "state"), "\"unknown\"");
    world_physical_card(w, 0, PHYSICAL_LOST);
    world_feed(w, 31); /* what is known to be bad is told */
    assert_string_equal(card_member(w, told(w, "openid card", ""), "state"), "\"suspended\"");
    world_physical_card(w, 0, PHYSICAL_NORMAL);
    assert_string_equal(card_member(w, told(w, "openid card", ""), "state"), "\"active\"");
}

static void
the_claims_parameter_asks_for_it_like_for_any_other(void **state)
{
    static const struct {
        const char *claims;
        bool told;
    } cases[] = {
        { AT_USERINFO("null"), true },
        { AT_USERINFO("{\"essential\":true}"), true },
        { AT_USERINFO("{\"state\":{\"value\":\"active\"}}"), true },
        { AT_USERINFO("{\"state\":{\"value\":\"revoked\"}}"), false },
        { AT_USERINFO("{\"level\":{\"values\":[1,2]}}"), true },
        { AT_USERINFO("{\"level\":{\"value\":2}}"), false },
        { AT_USERINFO("{\"value\":\"active\"}"), false },
        { "{\"id_token\":{\"card\":null}}", false },
    };
    struct world *w = *state;

    world_card(w, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *json = told(w, "openid claim:card", cases[i].claims);

        if ((strstr(json, WHOLE) != NULL) != cases[i].told)
            fail_msg("%s: %s", cases[i].claims, json);
    }
}

static const char *
in_id_token(struct world *w, const char *partner_id, const char *claims)
{
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of(w, "openid card card_number", claims);
    const char *out;

    assert_int_equal(
        release_id_token(&ctx, registry_find(w->services.registry, partner_id), &approval, &out),
        OK);
    return out;
}

static void
the_id_token_holds_it_only_when_it_is_asked_for_there(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    assert_string_equal(in_id_token(w, "webhall", ""), "{}");
    assert_non_null(strstr(in_id_token(w, "webhall", "{\"id_token\":{\"card\":null}}"), WHOLE));
    world_partners(w, "{\"partners\":[{\"client_id\":\"desk\",\"client_name\":\"窗口\","
                      "\"redirect_uris\":[\"https://desk.example/cb\"],"
                      "\"scope\":\"openid card\",\"id_token_claims\":\"card\"}]}");
    assert_non_null(strstr(in_id_token(w, "desk", ""), WHOLE));
    assert_null(strstr(in_id_token(w, "desk", ""), "A10000000"));
}

static void
of_a_person_who_is_stopped_no_card_is_told(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct partner *webhall = registry_find(w->services.registry, "webhall");
    const char *card;

    world_card(w, 0);
    assert_int_equal(
        store_person_set_state(ctx.store, world_person(w, 0), PERSON_DISABLED, ctx.now), OK);
    assert_int_equal(release_card(&ctx, webhall, world_person(w, 0), &card), ERR_NOT_FOUND);
}

static void
only_the_scope_makes_a_token_speak_of_it(void **state)
{
    (void)state;
    assert_true(release_tells_card("openid card"));
    assert_false(release_tells_card("openid card_number"));
    assert_false(release_tells_card("openid claim:card"));
    assert_false(release_is_only_sub("openid card"));
    assert_false(release_is_only_sub("openid card_number"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_scope_tells_reference_region_level_state_and_last_day),
        world_test(no_other_scope_tells_of_the_card),
        world_test(who_has_none_is_told_without_it),
        world_test(a_reference_is_of_one_sector_and_of_one_card),
        world_test(the_number_has_a_scope_of_its_own),
        world_test(a_number_that_was_tampered_with_is_not_told),
        world_test(its_state_is_the_one_of_now),
        world_test(qr_19_nobody_is_told_that_a_card_is_good_by_a_mirror_that_is_too_old),
        world_test(the_claims_parameter_asks_for_it_like_for_any_other),
        world_test(the_id_token_holds_it_only_when_it_is_asked_for_there),
        world_test(of_a_person_who_is_stopped_no_card_is_told),
        world_test(only_the_scope_makes_a_token_speak_of_it),
    };

    return world_run(tests);
}
