/* SPDX-License-Identifier: Apache-2.0 */
/* The partners file: what a plan says, and how secrets are made and kept. */
#include <string.h>

#include "idp/base/file.h"
#include "idp/base/text.h"
#include "idp/partner/apply.h"
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
        "~ bb: default_max_age\n+ cc\n- aa\n");
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
                           "~ aa: id_token_signed_response_alg -require_pkce"));
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
    assert_true(partner_of(w, "aa")->has_secret);
    assert_true(digest_eq(&digest, &partner_of(w, "aa")->secret_digest));
    assert_int_equal(partner_of(w, "aa")->secret.size, 0);
    /* A change of something else keeps it, and nothing is told again. */
    assert_null(secret_told(w, applied(w, FILE_OF(ONE("aa", BASIC ",\"default_max_age\":60")))));
    assert_true(digest_eq(&digest, &partner_of(w, "aa")->secret_digest));
}

static void
a_secret_of_the_file_is_taken_and_never_told(void **state)
{
    struct world *w = *state;
    struct digest digest = digest_of_text(SECRET);
    const char *report;

    applied(w, FILE_OF(ONE("aa", BASIC)));
    report = applied(w, FILE_OF(ONE("aa", BASIC ",\"client_secret\":\"" SECRET "\"")));
    assert_string_equal(report, "~ aa: client_secret\n");
    assert_true(digest_eq(&digest, &partner_of(w, "aa")->secret_digest));
}

static void
a_secret_that_hmac_needs_is_kept_sealed(void **state)
{
    struct world *w = *state;

    applied(w, FILE_OF(ONE("aa", HMAC ",\"client_secret\":\"" SECRET "\"")));
    assert_int_equal(partner_of(w, "aa")->secret.size, strlen(SECRET));
    assert_memory_equal(partner_of(w, "aa")->secret.at, SECRET, strlen(SECRET));
}

static void
moving_to_client_secret_jwt_needs_a_new_secret_which_is_told(void **state)
{
    struct world *w = *state;
    const char *secret;

    applied(w, FILE_OF(ONE("aa", BASIC ",\"client_secret\":\"" SECRET "\"")));
    secret = secret_told(w, applied(w, FILE_OF(ONE("aa", HMAC))));
    assert_non_null(secret);
    assert_int_equal(partner_of(w, "aa")->secret.size, strlen(secret));
    assert_null(secret_told(w, applied(w, FILE_OF(ONE("aa", HMAC ",\"default_max_age\":60")))));
    assert_memory_equal(partner_of(w, "aa")->secret.at, secret, strlen(secret));
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
    assert_string_equal(applied(w, FILE_OF(ONE("aa", BASIC ",\"client_secret\":\"" SECRET "\""))),
                        "~ aa: client_secret\n");
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
    assert_non_null(secret_told(w, applied(w, FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", BASIC)))));
    assert_int_equal(partner_of(w, "bb")->since, WORLD_NOW + 11); /* not in the same second */
    world_advance(w, 10);
    applied(w, FILE_OF(ONE("aa", PUBLIC)));
    world_advance(w, 10);
    applied(w, FILE_OF(ONE("aa", PUBLIC) "," ONE("bb", BASIC)));
    assert_int_equal(partner_of(w, "bb")->since, WORLD_NOW + 30);
}

/* Every file that the guide shows, in the form in which an operator would take it over. */
static void
the_guides_examples_are_taken_as_they_stand(void **state)
{
    static const char opens[] = "```json\n{\n  \"partners\"";
    struct world *w = *state;
    struct bytes guide;
    const char *at;
    int count = 0;

    assert_int_equal(file_read(w->arena, SOURCE_DIR "/docs/partner-guide.md", 1 << 20, &guide), OK);
    at = (const char *)guide.at;
    while ((at = strstr(at, opens)) != NULL) {
        const char *from = at + strlen("```json\n");

        at = strstr(from, "\n```");
        assert_non_null(at);
        applied(w, arena_copy(w->arena, from, (size_t)(at - from)));
        count++;
    }
    assert_int_equal(count, 2);
    assert_string_equal(partner_of(w, "api")->profile.resources, "https://api.example.cn");
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
    };

    return world_run(tests);
}
