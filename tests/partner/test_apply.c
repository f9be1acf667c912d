/* SPDX-License-Identifier: Apache-2.0 */
/* The partners file: what a plan says, and how secrets are made and kept. */
#include <string.h>

#include "idp/base/file.h"
#include "idp/base/text.h"
#include "idp/partner/apply.h"
#include "idp/partner/partner_secret.h"
#include "idp/partner/registry.h"
#include "idp/tables/partner.h"
#include "tests/partner/kit.h"

static void
a_plan_says_what_would_change_and_changes_nothing(void **state)
{
    struct world *w = *state;
    int64_t rows;

    applied(w, FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", PUBLIC)));
    rows = world_rows(w);
    assert_string_equal(
        planned(w,
                FILE_OF(ONE("bb", PUBLIC ",\"require_pkce\":true,\"default_max_age\":60") "," ONE(
                    "cc", PUBLIC))),
        "~ bb\n  default_max_age: (none) → 60\n+ cc\n- aa\n");
    assert_int_equal(world_rows(w), rows);
    assert_non_null(partner_of(w, "aa"));
    assert_null(partner_of(w, "cc"));
}

static void
the_same_file_again_is_nothing_to_do(void **state)
{
    struct world *w = *state;
    const char *file = FILE_OF(ONE("aa", BASIC) "," ONE("bb", PUBLIC));

    applied(w, file);
    world_audit_mark(w);
    assert_string_equal(applied(w, file), "= nothing to do\n");
    assert_string_equal(planned(w, file), "= nothing to do\n");
    assert_int_equal(world_rows_of(w, "audit"), 0);
}

/* The version before wrote ES256 and PKCE of everybody whose file said nothing. */
static void
what_a_version_before_has_stored_holds_until_the_file_is_applied_again(void **state)
{
    static const char before[] =
        "{\"client_id\":\"aa\",\"client_name\":\"名\",\"client_name#en\":\"Name\",\"channel\":\"web\","
        "\"application_type\":\"web\",\"token_endpoint_auth_method\":\"client_secret_basic\","
        "\"redirect_uris\":[\"https://aa.example/cb\"],\"grant_types\":[\"authorization_code\"],"
        "\"response_modes\":[\"query\"],\"scope\":\"openid\",\"require_pkce\":true,"
        "\"id_token_signed_response_alg\":\"ES256\",\"access_token_signed_response_alg\":\"ES256\","
        "\"subject_type\":\"pairwise\",\"sector_identifier\":\"aa.example\","
        "\"require_auth_time\":false,\"consent\":\"explicit\",\"redirect_errors\":true,"
        "\"backchannel_logout_session_required\":false}";
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_partner row = { .partner_id = "aa", .profile = before, .updated_at = w->now };

    applied(w, FILE_OF(ONE("aa", BASIC)));
    assert_int_equal(store_partner_put(w->store, &row), OK);
    assert_int_equal(registry_load(&ctx), OK);
    assert_int_equal(partner_of(w, "aa")->id_token_alg, JWS_ES256);
    assert_int_equal(partner_of(w, "aa")->profile.require_pkce, ANSWER_YES);
    assert_non_null(strstr(planned(w, FILE_OF(ONE("aa", BASIC))),
                           "  id_token_signed_response_alg: \"ES256\" → \"RS256\"\n"));
    assert_non_null(
        strstr(planned(w, FILE_OF(ONE("aa", BASIC))), "  require_pkce: true → (none)\n"));
    assert_null(strstr(planned(w, FILE_OF(ONE("aa", BASIC ",\"id_token_signed_response_alg\":"
                                                          "\"ES256\",\"require_pkce\":true"))),
                       "id_token"));
    applied(w, FILE_OF(ONE("aa", BASIC)));
    assert_int_equal(partner_of(w, "aa")->id_token_alg, JWS_RS256);
    assert_int_equal(partner_of(w, "aa")->profile.require_pkce, ANSWER_NONE);
}

static void
partners_that_are_not_in_the_file_are_removed(void **state)
{
    struct world *w = *state;

    applied(w, FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", PUBLIC)));
    world_audit_mark(w);
    assert_string_equal(applied(w, FILE_OF(ONE("bb", PUBLIC))), "- aa\n");
    assert_null(partner_of(w, "aa"));
    assert_audited(w, AUDIT_PARTNER_CHANGED, "removed");
}

/* The secret that the report tells, NULL when it tells none. */
static const char *
secret_told(struct world *w, const char *report)
{
    const char *at = strstr(report, "(told this once): ");

    return at != NULL ? arena_copy(w->arena, at + 18, strcspn(at + 18, "\n")) : NULL;
}

static void
a_secret_is_made_once_and_only_its_digest_is_kept(void **state)
{
    struct world *w = *state;
    const char *secret = secret_told(w, applied(w, FILE_OF(ONE("aa", BASIC))));
    struct digest digest;

    assert_non_null(secret);
    assert_true(strlen(secret) >= 32);
    digest = digest_of_text(secret);
    assert_int_equal(partner_of(w, "aa")->secret_count, 1);
    assert_true(digest_eq(&digest, &partner_of(w, "aa")->secrets[0].digest));
    assert_int_equal(partner_of(w, "aa")->secrets[0].clear.size, 0);
    /* A change of something else keeps it, and nothing is told again. */
    assert_null(secret_told(w, applied(w, FILE_OF(ONE("aa", BASIC ",\"default_max_age\":60")))));
    assert_true(digest_eq(&digest, &partner_of(w, "aa")->secrets[0].digest));
}

static void
a_secret_of_the_file_is_taken_and_never_told(void **state)
{
    struct world *w = *state;
    struct digest digest = digest_of_text(SECRET);
    const char *report;

    applied(w, FILE_OF(ONE("aa", BASIC)));
    report = applied(w, FILE_OF(ONE("aa", BASIC ",\"client_secret\":\"" SECRET "\"")));
    assert_string_equal(report, "~ aa\n  client_secret: that of the file; what it had is good for "
                                "nothing from then on\n");
    assert_true(digest_eq(&digest, &partner_of(w, "aa")->secrets[0].digest));
}

static void
a_secret_that_hmac_needs_is_kept_sealed(void **state)
{
    struct world *w = *state;

    applied(w, FILE_OF(ONE("aa", HMAC ",\"client_secret\":\"" SECRET "\"")));
    assert_int_equal(partner_of(w, "aa")->secrets[0].clear.size, strlen(SECRET));
    assert_memory_equal(partner_of(w, "aa")->secrets[0].clear.at, SECRET, strlen(SECRET));
}

static void
moving_to_client_secret_jwt_needs_a_new_secret_which_is_told(void **state)
{
    struct world *w = *state;
    const char *secret;

    applied(w, FILE_OF(ONE("aa", BASIC ",\"client_secret\":\"" SECRET "\"")));
    secret = secret_told(w, applied(w, FILE_OF(ONE("aa", HMAC))));
    assert_non_null(secret);
    assert_int_equal(partner_of(w, "aa")->secrets[0].clear.size, strlen(secret));
    assert_null(secret_told(w, applied(w, FILE_OF(ONE("aa", HMAC ",\"default_max_age\":60")))));
    assert_memory_equal(partner_of(w, "aa")->secrets[0].clear.at, secret, strlen(secret));
}

static void
k9_a_secret_that_many_libraries_send_wrongly_is_told_of_once(void **state)
{
    static const char file[] =
        FILE_OF(ONE("aa", BASIC ",\"client_secret\":\"+123456789-0123456789-0123456789-01\""));
    struct world *w = *state;

    assert_non_null(strstr(planned(w, file), "+ aa\n  aa has a client_secret with other"));
    applied(w, file);
    assert_string_equal(applied(w, file), "= nothing to do\n");
    assert_null(strstr(applied(w, FILE_OF(ONE("aa", BASIC ",\"client_secret\":\"" SECRET "\""))),
                       "other characters"));
}

static void
without_randomness_no_secret_is_made_and_nothing_is_changed(void **state)
{
    struct world *w = *state;
    int64_t rows = world_rows(w);
    const char *report;

    w->random_fails = true;
    assert_int_equal(apply_bytes(w, bytes_of_text(FILE_OF(ONE("aa", BASIC))), false, &report),
                     ERR_UNAVAILABLE);
    assert_int_equal(world_rows(w), rows);
}

static void
one_that_comes_back_counts_from_then_on(void **state)
{
    struct world *w = *state;

    applied(w, FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", BASIC)));
    assert_int_equal(partner_of(w, "aa")->since, WORLD_NOW);
    world_advance(w, 10);
    applied(w, FILE_OF(ONE("aa", PUBLIC ",\"policy_uri\":\"https://aa.example/p\"")));
    assert_int_equal(partner_of(w, "aa")->since, WORLD_NOW); /* a change is no return */
    assert_null(partner_of(w, "bb"));
    applied(w, FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", BASIC)));
    assert_int_equal(partner_of(w, "bb")->since, WORLD_NOW + 11); /* not in the same second */
    world_advance(w, 10);
    applied(w, FILE_OF(ONE("aa", PUBLIC)));
    world_advance(w, 10);
    applied(w, FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", BASIC)));
    assert_int_equal(partner_of(w, "bb")->since, WORLD_NOW + 30);
}

static void
one_that_comes_back_within_a_month_has_its_secret_still(void **state)
{
    static const char with[] = FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", BASIC));
    static const char without[] = FILE_OF(ONE("aa", PUBLIC));
    struct world *w = *state;
    struct digest digest = digest_of_text(secret_told(w, applied(w, with)));
    const char *report;

    applied(w, without);
    world_advance(w, 29 * 86400);
    report = applied(w, with);
    assert_string_equal(
        report, "+ bb\n  client_secret: the one it had before it was removed is good again\n");
    assert_true(digest_eq(&digest, &partner_of(w, "bb")->secrets[0].digest));
    applied(w, without);
    world_advance(w, 30 * 86400);
    assert_non_null(secret_told(w, applied(w, with)));
    assert_false(digest_eq(&digest, &partner_of(w, "bb")->secrets[0].digest));
}

static void
nobody_is_removed_that_was_not_meant(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct buf report = buf_new(w->arena, 256);
    struct partner_order order = { .may_remove = 0 };
    const struct bytes none = bytes_of_text("{\"partners\":[]}");
    int64_t rows;

    applied(w, FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", PUBLIC)));
    rows = world_rows(w);
    for (int64_t n = 0; n <= 3; n++) {
        order.may_remove = n;
        if (n != 2)
            assert_int_equal(partner_apply(&ctx, none, &order, &report), ERR_REFUSED);
        assert_int_equal(order.removed, n == 2 ? order.removed : 2);
    }
    assert_int_equal(world_rows(w), rows);
    order.plan = true;
    assert_int_equal(partner_apply(&ctx, none, &order, &report), OK);
    assert_int_equal(world_rows(w), rows);
    order = (struct partner_order) { .may_remove = 2 };
    assert_int_equal(partner_apply(&ctx, none, &order, &report), OK);
    /* Nor does a number that says too much hide that nobody went. */
    order = (struct partner_order) { .may_remove = 1 };
    assert_int_equal(
        partner_apply(&ctx, bytes_of_text(FILE_OF(ONE("aa", PUBLIC))), &order, &report),
        ERR_REFUSED);
}

/* Who applies the file for another reason does not bring back what was rotated away. */
static void
a_secret_of_the_file_that_was_rotated_stays_rotated(void **state)
{
    static const char file[] = FILE_OF(ONE("aa", BASIC ",\"client_secret\":\"" SECRET "\""));
    static const char changed[] =
        FILE_OF(ONE("aa", BASIC ",\"default_max_age\":60,\"client_secret\":\"" SECRET "\""));
    struct world *w = *state;
    struct ctx ctx;
    struct partner_rotation rotation;
    struct digest digest;

    applied(w, file);
    ctx = world_ctx(w);
    assert_int_equal(partner_secret_rotate(&ctx, "aa", 60, &rotation), OK);
    digest = digest_of_text(rotation.secret);
    assert_non_null(strstr(applied(w, file), "aa: the client_secret of the file is not taken"));
    world_advance(w, 100 * 86400);
    assert_non_null(strstr(applied(w, changed), "aa: the client_secret of the file is not taken"));
    assert_true(digest_eq(&digest, &partner_of(w, "aa")->secrets[0].digest));
    assert_int_equal(partner_of(w, "aa")->secret_count, 1);
}

static void
one_alone_is_removed_and_a_file_that_names_it_brings_it_back(void **state)
{
    static const char file[] = FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", BASIC));
    struct world *w = *state;
    struct ctx ctx;

    applied(w, file);
    ctx = world_ctx(w);
    world_audit_mark(w);
    assert_int_equal(partner_remove(&ctx, "bb"), OK);
    assert_audited(w, AUDIT_PARTNER_CHANGED, "removed");
    assert_int_equal(partner_remove(&ctx, "bb"), ERR_NOT_FOUND);
    assert_int_equal(partner_remove(&ctx, "cc"), ERR_NOT_FOUND);
    assert_int_equal(registry_load(&ctx), OK);
    assert_null(partner_of(w, "bb"));
    assert_null(secret_told(w, applied(w, file)));
    assert_non_null(partner_of(w, "bb"));
}

/* Every file that the guide shows, in the form in which an operator would take it over. */
static void
the_guides_examples_are_taken_as_they_stand(void **state)
{
    static const char opens[] = "```json\n{\n  \"partners\"";
    struct world *w = *state;
    struct bytes guide;
    const char *at;
    const char *resources = NULL; /* each file takes the place of the one before */
    int count = 0;

    assert_int_equal(file_read(w->arena, SOURCE_DIR "/docs/partner-guide.md", 1 << 20, &guide), OK);
    at = (const char *)guide.at;
    while ((at = strstr(at, opens)) != NULL) {
        const char *from = at + strlen("```json\n");

        at = strstr(from, "\n```");
        assert_non_null(at);
        applied(w, arena_copy(w->arena, from, (size_t)(at - from)));
        if (partner_of(w, "api") != NULL)
            resources = arena_printf(w->arena, "%s", partner_of(w, "api")->profile.resources);
        count++;
    }
    assert_int_equal(count, 3);
    assert_string_equal(resources, "https://api.example.cn");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_plan_says_what_would_change_and_changes_nothing),
        world_test(the_same_file_again_is_nothing_to_do),
        world_test(what_a_version_before_has_stored_holds_until_the_file_is_applied_again),
        world_test(partners_that_are_not_in_the_file_are_removed),
        world_test(a_secret_is_made_once_and_only_its_digest_is_kept),
        world_test(a_secret_of_the_file_is_taken_and_never_told),
        world_test(a_secret_that_hmac_needs_is_kept_sealed),
        world_test(moving_to_client_secret_jwt_needs_a_new_secret_which_is_told),
        world_test(k9_a_secret_that_many_libraries_send_wrongly_is_told_of_once),
        world_test(without_randomness_no_secret_is_made_and_nothing_is_changed),
        world_test(the_guides_examples_are_taken_as_they_stand),
        world_test(one_that_comes_back_counts_from_then_on),
        world_test(one_that_comes_back_within_a_month_has_its_secret_still),
        world_test(nobody_is_removed_that_was_not_meant),
        world_test(a_secret_of_the_file_that_was_rotated_stays_rotated),
        world_test(one_alone_is_removed_and_a_file_that_names_it_brings_it_back),
    };

    return world_run(tests);
}
