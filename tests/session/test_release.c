/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner is told: by scope at userinfo, by the claims parameter there and in the ID token. */
#include <jansson.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/person/evidence.h"
#include "idp/session/release.h"
#include "idp/session/token.h"
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
userinfo_for(struct world *w, const char *scope, const char *claims)
{
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of(w, scope, claims);
    struct buf out = buf_new(w->arena, 512);
    const struct partner *partner = registry_find(w->services.registry, "webhall");
    json_t *told;

    assert_int_equal(release_userinfo(&ctx, partner, &approval, &out), OK);
    told = json_loads(out.at, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(told);
    return told;
}

static json_t *
userinfo(struct world *w, const char *scope)
{
    return userinfo_for(w, scope, "");
}

static const char *
in_id_token_of(struct world *w, const char *partner_id, const char *scope, const char *claims)
{
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of(w, scope, claims);
    const char *out;

    assert_int_equal(
        release_id_token(&ctx, registry_find(w->services.registry, partner_id), &approval, &out),
        OK);
    return out;
}

static const char *
in_id_token(struct world *w, const char *scope, const char *claims)
{
    return in_id_token_of(w, "webhall", scope, claims);
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

/* Evidence that does not say of which of its documents it is. */
static const char *
record_first(struct world *w, const struct evidence_rule *rule)
{
    const char *list = rule->record;
    size_t size;
    const char *first = text_next_word(&list, &size);

    return arena_copy(w->arena, first, size);
}

/* A counter's says which paper was shown. */
static void
evidence_of_a_counter_tells_the_document(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    json_t *told;
    json_t *evidence;

    world_advance(w, 1);
    ctx = world_ctx(w);
    assert_int_equal(
        evidence_add_document(&ctx, world_person(w, 0), "k_1", "residence_permit original photo"),
        OK);
    told = userinfo(w, "openid realname");
    evidence = json_array_get(
        json_object_get(json_object_get(json_object_get(told, "verified_claims"), "verification"),
                        "evidence"),
        0);
    assert_string_equal(text(evidence, "type"), "document");
    assert_string_equal(text(json_object_get(evidence, "document_details"), "type"),
                        "residence_permit");
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
            record_first(w, rule));
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
    assert_int_equal(
        release_id_token(&ctx, registry_find(w->services.registry, "webhall"), &approval, &claims),
        ERR_NOT_FOUND);
}

static void
a_scope_that_tells_nothing_needs_no_store(void **state)
{
    (void)state;
    assert_true(release_is_only_sub("openid"));
    assert_false(release_is_only_sub("openid claim:name"));
    assert_true(release_is_only_sub("openid email address offline_access"));
    assert_false(release_is_only_sub("openid profile"));
    assert_false(release_is_only_sub("openid phone"));
    assert_false(release_is_only_sub("openid realname"));
    assert_false(release_is_only_sub("openid identity_number"));
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

static void
s6_a_single_claim_is_told_where_it_was_asked_for(void **state)
{
    static const char at_userinfo[] = "{\"userinfo\":{\"name\":{\"essential\":true}}}";
    json_t *told = userinfo_for(*state, "openid claim:name", at_userinfo);

    assert_int_equal(json_object_size(told), 2);
    assert_string_equal(text(told, "name"), "张三");
    json_decref(told);
    assert_string_equal(in_id_token(*state, "openid claim:name", at_userinfo), "{}");
    assert_string_equal(in_id_token(*state, "openid claim:name", "{\"id_token\":{\"name\":{}}}"),
                        "{\"name\":\"张三\"}");
}

static void
s6_what_is_asked_for_and_not_granted_is_told_nowhere(void **state)
{
    static const char asked[] = "{\"userinfo\":{\"name\":null,\"identity_number\":null,"
                                "\"verified_claims\":{\"claims\":{\"name\":null}}},"
                                "\"id_token\":{\"name\":null}}";
    json_t *told = userinfo_for(*state, "openid", asked);

    assert_int_equal(json_object_size(told), 1);
    json_decref(told);
    assert_string_equal(in_id_token(*state, "openid", asked), "{}");
    told = userinfo_for(*state, "openid claim:phone_number", asked); /* granted, not asked for */
    assert_int_equal(json_object_size(told), 1);
    json_decref(told);
}

/* "Is it this one?" is answered with it or with nothing, also when a scope carries the claim. */
static void
a_claim_asked_for_by_a_value_that_is_not_hers_is_left_out(void **state)
{
    static const struct {
        const char *wish;
        bool told;
    } cases[] = {
        { "{\"name\":{\"value\":\"张三\"}}", true },
        { "{\"name\":{\"value\":\"李四\"}}", false },
        { "{\"name\":{\"values\":[\"李四\",\"张三\"]}}", true },
        { "{\"name\":{\"value\":\"李四\",\"essential\":true}}", false },
        { "{\"name\":{\"value\":3}}", false },
        { "{\"name\":{\"purpose\":\"x\"}}", true },
    };
    static const char *const scopes[] = { "openid claim:name", "openid profile" };

    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        struct world *w = *state;
        json_t *told = userinfo_for(w, scopes[i % 2],
                                    arena_printf(w->arena, "{\"userinfo\":%s}", cases[i / 2].wish));

        assert_int_equal(text(told, "name") != NULL, cases[i / 2].told);
        json_decref(told);
    }
}

#define VERIFIED(verification, claims)                                                             \
    "{\"userinfo\":{\"verified_claims\":{\"verification\":" verification ",\"claims\":" claims "}}}"

static const char *
verified(struct world *w, const char *scope, const char *asked)
{
    json_t *told = userinfo_for(w, scope, asked);
    const json_t *element = json_object_get(told, "verified_claims");
    const char *out = NULL;

    if (element != NULL) {
        char *dumped = json_dumps(element, JSON_COMPACT | JSON_PRESERVE_ORDER);

        out = arena_text(w->arena, dumped);
        free(dumped);
    }
    json_decref(told);
    return out;
}

#define SINGLY "openid claim:name claim:verified_claims"

static const struct {
    const char *scope;
    const char *asked;
    const char *told; /* NULL: nothing */
} verified_cases[] = {
    { SINGLY, VERIFIED("{\"trust_framework\":null}", "{\"name\":null}"),
      "{\"verification\":{\"trust_framework\":\"cn_hrss\"},\"claims\":{\"name\":\"张三\"}}" },
    { SINGLY, VERIFIED("{\"trust_framework\":null}", "{\"name\":{\"value\":\"李四\"}}"),
      "{\"verification\":{\"trust_framework\":\"cn_hrss\"},\"claims\":{}}" },
    { "openid realname", VERIFIED("{\"trust_framework\":null}", "{\"name\":{\"value\":\"李四\"}}"),
      "{\"verification\":{\"trust_framework\":\"cn_hrss\"},\"claims\":{}}" },
    { SINGLY, VERIFIED("{\"trust_framework\":{\"value\":\"de_aml\"}}", "{\"name\":null}"), NULL },
    { "openid realname",
      VERIFIED("{\"trust_framework\":{\"value\":\"de_aml\"}}", "{\"name\":null}"), NULL },
    { SINGLY,
      VERIFIED("{\"assurance_level\":{\"values\":[\"l2\",\"l3\"]},\"time\":{\"max_age\":10}}",
               "{\"name\":null}"),
      "{\"verification\":{\"trust_framework\":\"cn_hrss\",\"assurance_level\":\"l2\","
      "\"time\":\"2026-01-01T00:00:00Z\"},\"claims\":{\"name\":\"张三\"}}" },
    { SINGLY, VERIFIED("{\"assurance_level\":{\"value\":\"l3\"}}", "{\"name\":null}"), NULL },
    { SINGLY,
      VERIFIED("{\"evidence\":[{\"type\":{\"value\":\"electronic_record\"},"
               "\"check_details\":[{\"check_method\":{\"value\":\"data\"}}],"
               "\"record\":{\"type\":{\"value\":\"bank_account\"},\"source\":{\"name\":null}}}]}",
               "{\"name\":null}"),
      "{\"verification\":{\"trust_framework\":\"cn_hrss\",\"evidence\":[{"
      "\"type\":\"electronic_record\",\"check_details\":[{\"check_method\":\"data\"}],"
      "\"record\":{\"type\":\"bank_account\",\"source\":{\"name\":\"China UnionPay\"}}}]},"
      "\"claims\":{\"name\":\"张三\"}}" },
    { SINGLY,
      VERIFIED("{\"evidence\":[{\"type\":{\"value\":\"electronic_record\"},"
               "\"check_details\":[{\"check_method\":{\"value\":\"vpip\"}}]}]}",
               "{\"name\":null}"),
      NULL },
    { SINGLY, VERIFIED("{\"evidence\":[{\"type\":{\"value\":\"document\"}}]}", "null"), NULL },
    /* The identity number only where it is granted and named. */
    { SINGLY, VERIFIED("{}", "{\"identity_number\":null,\"name\":null}"),
      "{\"verification\":{\"trust_framework\":\"cn_hrss\"},\"claims\":{\"name\":\"张三\"}}" },
    { SINGLY " claim:identity_number", VERIFIED("{}", "{\"identity_number\":{}}"),
      "{\"verification\":{\"trust_framework\":\"cn_hrss\"},"
      "\"claims\":{\"identity_number\":\"11010519491231002X\"}}" },
    { "openid realname identity_number", VERIFIED("{}", "null"),
      "{\"verification\":{\"trust_framework\":\"cn_hrss\"},\"claims\":{\"name\":\"张三\"}}" },
    /* Of several wishes those that can be met. */
    { SINGLY,
      "{\"userinfo\":{\"verified_claims\":["
      "{\"verification\":{\"trust_framework\":{\"value\":\"de_aml\"}},\"claims\":null},"
      "{\"verification\":{\"trust_framework\":null},\"claims\":{\"name\":null}}]}}",
      "[{\"verification\":{\"trust_framework\":\"cn_hrss\"},\"claims\":{\"name\":\"张三\"}}]" },
    { SINGLY,
      "{\"userinfo\":{\"verified_claims\":["
      "{\"verification\":{\"trust_framework\":{\"value\":\"de_aml\"}},\"claims\":null}]}}",
      NULL },
    { SINGLY, "{\"id_token\":{\"verified_claims\":{\"claims\":null}}}", NULL },
};

static void
s23_verified_claims_are_told_as_they_were_asked_for(void **state)
{
    for (size_t i = 0; i < sizeof(verified_cases) / sizeof(verified_cases[0]); i++) {
        const char *told = verified(*state, verified_cases[i].scope, verified_cases[i].asked);

        if (verified_cases[i].told == NULL)
            assert_null(told);
        else
            assert_string_equal(told, verified_cases[i].told);
    }
}

static void
s24_a_proof_that_is_too_old_is_not_told(void **state)
{
    static const char asked[] = VERIFIED("{\"time\":{\"max_age\":100}}", "{\"name\":null}");
    struct world *w = *state;

    assert_non_null(verified(w, SINGLY, asked));
    world_advance(w, 101);
    assert_null(verified(w, SINGLY, asked));
}

static void
verified_claims_in_the_id_token_are_asked_for_there(void **state)
{
    assert_string_equal(
        in_id_token(*state, SINGLY,
                    "{\"id_token\":{\"verified_claims\":{\"claims\":{\"name\":null}}}}"),
        "{\"verified_claims\":{\"verification\":{\"trust_framework\":\"cn_hrss\"},"
        "\"claims\":{\"name\":\"张三\"}}}");
}

static void
k12_the_id_token_holds_what_the_partner_has_registered_and_a_granted_scope_carries(void **state)
{
    struct world *w = *state;

    world_partners(
        w, "{\"partners\":[{\"client_id\":\"auth-js\",\"client_name\":\"A\","
           "\"redirect_uris\":[\"https://a.example/cb\"],"
           "\"scope\":\"openid profile phone\",\"id_token_claims\":\"name phone_number\"}]}");
    assert_string_equal(in_id_token_of(w, "auth-js", "openid profile", ""), "{\"name\":\"张三\"}");
    assert_string_equal(in_id_token_of(w, "auth-js", "openid", ""), "{}");
    assert_string_equal(in_id_token_of(w, "auth-js", "openid claim:name", ""), "{}");
    assert_string_equal(
        in_id_token_of(w, "auth-js", "openid profile phone",
                       "{\"id_token\":{\"phone_number_verified\":null}}"),
        "{\"name\":\"张三\",\"phone_number\":\"+8613800138000\",\"phone_number_verified\":true}");
}

static void
s14_the_username_is_short_stable_and_another_one_for_each_sector(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct partner *webhall = registry_find(w->services.registry, "webhall");
    const struct partner *hospital = registry_find(w->services.registry, "hospital");
    const char *name = username_for(&ctx, subject_for(&ctx, webhall, world_person(w, 0)));
    json_t *told = userinfo(w, "openid profile");

    assert_int_equal(strlen(name), 16);
    assert_int_equal(name[0], 'u');
    assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz234567"), 16);
    assert_string_equal(text(told, "preferred_username"), name);
    assert_string_not_equal(username_for(&ctx, subject_for(&ctx, hospital, world_person(w, 0))),
                            name);
    assert_string_not_equal(username_for(&ctx, subject_for(&ctx, webhall, world_person(w, 1))),
                            name);
    json_decref(told);
    told = userinfo(w, "openid realname");
    assert_null(text(told, "preferred_username"));
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
        world_test(evidence_of_a_counter_tells_the_document),
        world_test(each_kind_that_vouches_is_told_in_its_own_words),
        world_test(the_id_token_holds_nothing_that_was_not_asked_for),
        world_test(it_holds_what_was_asked_for_and_a_scope_covers),
        world_test(s6_a_single_claim_is_told_where_it_was_asked_for),
        world_test(s6_what_is_asked_for_and_not_granted_is_told_nowhere),
        world_test(a_claim_asked_for_by_a_value_that_is_not_hers_is_left_out),
        world_test(s23_verified_claims_are_told_as_they_were_asked_for),
        world_test(s24_a_proof_that_is_too_old_is_not_told),
        world_test(verified_claims_in_the_id_token_are_asked_for_there),
        world_test(
            k12_the_id_token_holds_what_the_partner_has_registered_and_a_granted_scope_carries),
        world_test(s14_the_username_is_short_stable_and_another_one_for_each_sector),
        world_test(of_a_person_who_is_gone_nothing_is_told),
        world_test(of_a_person_who_is_stopped_nothing_is_told),
        world_test(who_is_known_by_her_phone_alone_has_no_verified_claims),
    };

    return world_run(tests);
}
