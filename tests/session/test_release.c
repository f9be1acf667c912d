/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner is told: by scope at userinfo, by the claims parameter in the ID token. */
#include <jansson.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/person/evidence.h"
#include "idp/session/release.h"
#include "idp/tables/person.h"
#include "tests/world.h"

static struct approval
approval_of(struct world *w, const char *scope, const char *claims)
{
    return (struct approval) {
        .subject.id = world_person(w, 0), .partner_id = "webhall", .scope = scope, .claims = claims
    };
}

static json_t *
userinfo(struct world *w, const char *scope)
{
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of(w, scope, "");
    struct buf out = buf_new(w->arena, 512);
    const struct partner *partner = registry_find(w->services.registry, "webhall");
    json_t *told;

    assert_int_equal(release_userinfo(&ctx, partner, &approval, &out), OK);
    told = json_loads(out.at, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(told);
    return told;
}

static const char *
in_id_token(struct world *w, const char *scope, const char *claims)
{
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of(w, scope, claims);
    const char *out;

    assert_int_equal(release_id_token(&ctx, &approval, &out), OK);
    return out;
}

static const char *
text(json_t *told, const char *name)
{
    return json_string_value(json_object_get(told, name));
}

static void
openid_alone_tells_the_subject_only(void **state)
{
    json_t *told = userinfo(*state, "openid");

    assert_int_equal(json_object_size(told), 1);
    assert_non_null(text(told, "sub"));
    json_decref(told);
}

static void
each_scope_tells_its_own_claims(void **state)
{
    json_t *told = userinfo(*state, "openid phone identity_number");

    assert_int_equal(json_object_size(told), 4);
    assert_string_equal(text(told, "phone_number"), "+8613800138000");
    assert_true(json_is_true(json_object_get(told, "phone_number_verified")));
    assert_string_equal(text(told, "identity_number"), "11010519491231002X");
    json_decref(told);
}

static void
realname_says_how_we_know(void **state)
{
    json_t *told = userinfo(*state, "openid realname");
    json_t *verified = json_object_get(told, "verified_claims");
    json_t *verification = json_object_get(verified, "verification");

    assert_string_equal(text(told, "name"), "张三");
    assert_string_equal(text(told, "identity_level"), "l2");
    assert_string_equal(text(verification, "trust_framework"), "cn_hrss");
    assert_string_equal(text(verification, "time"), "2026-01-01T00:00:00Z");
    assert_int_equal(json_array_size(json_object_get(verification, "evidence")), 1);
    assert_string_equal(text(json_object_get(verified, "claims"), "name"), "张三");
    assert_null(json_object_get(told, "identity_number"));
    json_decref(told);
}

/* Whatever carries the level is told with its own words: a face does not hide what the bank said before. */
static void
each_kind_that_vouches_is_told_in_its_own_words(void **state)
{
    struct world *w = *state;

    for (enum evidence_kind kind = EVIDENCE_BANK_CARD; kind < EVIDENCE_KINDS; kind++) {
        const struct evidence_rule *rule = evidence_rule(kind);
        bool document = text_eq(rule->type, "document");
        struct ctx ctx;
        json_t *told;
        json_t *verification;
        json_t *evidence;

        world_advance(w, 1); /* of two of one worth the newer one speaks */
        ctx = world_ctx(w);
        assert_int_equal(evidence_add(&ctx, world_person(w, 0), kind, "N1"), OK);
        told = userinfo(w, "openid realname");
        verification = json_object_get(json_object_get(told, "verified_claims"), "verification");
        evidence = json_array_get(json_object_get(verification, "evidence"), 0);
        assert_string_equal(text(verification, "assurance_level"),
                            arena_printf(w->arena, "l%d", rule->level));
        assert_string_equal(text(evidence, "type"), rule->type);
        assert_string_equal(
            text(json_object_get(evidence, document ? "document_details" : "record"), "type"),
            rule->record);
        assert_int_equal(json_array_size(json_object_get(evidence, "check_details")),
                         text_list_count(rule->check_methods));
        json_decref(told);
    }
}

static void
the_id_token_holds_nothing_that_was_not_asked_for(void **state)
{
    assert_string_equal(in_id_token(*state, "openid profile", ""), "{}");
    assert_string_equal(in_id_token(*state, "openid profile", "{\"userinfo\":{\"name\":null}}"),
                        "{}");
}

static void
it_holds_what_was_asked_for_and_a_scope_covers(void **state)
{
    assert_string_equal(
        in_id_token(*state, "openid profile", "{\"id_token\":{\"name\":{\"essential\":true}}}"),
        "{\"name\":\"张三\"}");
    assert_string_equal(
        in_id_token(*state, "openid profile", "{\"id_token\":{\"identity_number\":null}}"), "{}");
}

static void
of_a_person_who_is_gone_nothing_is_told(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of(w, "openid profile", "");
    struct buf out = buf_new(w->arena, 512);

    approval.subject.id = "p_nobody";
    assert_int_not_equal(
        release_userinfo(&ctx, registry_find(w->services.registry, "webhall"), &approval, &out),
        OK);
}

static void
of_a_person_who_is_stopped_nothing_is_told(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct approval approval =
        approval_of(w, "openid profile", "{\"id_token\":{\"name\":{\"essential\":true}}}");
    struct buf out = buf_new(w->arena, 512);
    const char *claims;

    assert_int_equal(
        store_person_set_state(ctx.store, approval.subject.id, PERSON_DISABLED, ctx.now), OK);
    assert_int_equal(
        release_userinfo(&ctx, registry_find(w->services.registry, "webhall"), &approval, &out),
        ERR_NOT_FOUND);
    assert_int_equal(release_id_token(&ctx, &approval, &claims), ERR_NOT_FOUND);
}

static void
a_scope_that_tells_nothing_needs_no_store(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_true(release_is_only_sub(&ctx, "openid"));
    assert_true(release_is_only_sub(&ctx, "openid email address offline_access"));
    assert_false(release_is_only_sub(&ctx, "openid profile"));
    assert_false(release_is_only_sub(&ctx, "openid phone"));
    assert_false(release_is_only_sub(&ctx, "openid realname"));
    assert_false(release_is_only_sub(&ctx, "openid identity_number"));
}

/* Only what the trust framework cn_hrss vouches for is called verified. */
static void
who_is_known_by_her_phone_alone_has_no_verified_claims(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    json_t *told;

    assert_int_equal(evidence_add(&ctx, world_person(w, 0), EVIDENCE_PHONE, ""), OK);
    world_advance(w, EVIDENCE_BANK_CARD_LIFE_S);
    told = userinfo(w, "openid realname");
    assert_string_equal(text(told, "identity_level"), "l1");
    assert_null(json_object_get(told, "verified_claims"));
    json_decref(told);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(openid_alone_tells_the_subject_only),
        world_test(a_scope_that_tells_nothing_needs_no_store),
        world_test(each_scope_tells_its_own_claims),
        world_test(realname_says_how_we_know),
        world_test(each_kind_that_vouches_is_told_in_its_own_words),
        world_test(the_id_token_holds_nothing_that_was_not_asked_for),
        world_test(it_holds_what_was_asked_for_and_a_scope_covers),
        world_test(of_a_person_who_is_gone_nothing_is_told),
        world_test(of_a_person_who_is_stopped_nothing_is_told),
        world_test(who_is_known_by_her_phone_alone_has_no_verified_claims),
    };

    return world_run(tests);
}
