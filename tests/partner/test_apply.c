/* SPDX-License-Identifier: Apache-2.0 */
/* The partners file: what a plan says, what is refused (AZ-35 among it), and how
 * secrets are made and kept. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/apply.h"
#include "idp/partner/registry.h"
#include "idp/tables/partner.h"
#include "tests/world.h"

#define ONE(id, more)                                                                              \
    "{\"client_id\":\"" id "\",\"client_name\":\"名\",\"client_name#en\":\"Name\","               \
    "\"channel\":\"web\",\"redirect_uris\":[\"https://" id ".example/cb\"],"                       \
    "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid\"" more "}"
#define FILE_OF(elements) "{\"partners\":[" elements "]}"
#define BASIC ",\"token_endpoint_auth_method\":\"client_secret_basic\""
#define HMAC                                                                                       \
    ",\"token_endpoint_auth_method\":\"client_secret_jwt\",\"token_endpoint_auth_signing_alg\":"   \
    "\"HS256\""
#define PUBLIC ",\"token_endpoint_auth_method\":\"none\""
#define SECRET "0123456789-0123456789-0123456789-01"

static enum err
apply_bytes(struct world *w, struct bytes json, bool plan, const char **report)
{
    struct ctx ctx = world_ctx(w);
    struct buf out = buf_new(w->arena, 1024);
    enum err err = partner_apply(&ctx, json, plan, &out);

    *report = out.at;
    if (err == OK && !plan)
        assert_int_equal(registry_load(&ctx), OK);
    return err;
}

static const char *
applied(struct world *w, const char *json)
{
    const char *report;

    if (apply_bytes(w, bytes_of_text(json), false, &report) != OK)
        fail_msg("refused: %s", report);
    return report;
}

static const char *
planned(struct world *w, const char *json)
{
    const char *report;

    assert_int_equal(apply_bytes(w, bytes_of_text(json), true, &report), OK);
    return report;
}

static void
assert_file_refused(struct world *w, const char *json, const char *words)
{
    int64_t rows = world_rows(w);
    const char *report;

    world_audit_mark(w);
    assert_int_equal(apply_bytes(w, bytes_of_text(json), false, &report), ERR_INVALID);
    if (strstr(report, words) == NULL)
        fail_msg("says: %s", report);
    assert_int_equal(world_rows(w), rows);
    assert_audited(w, AUDIT_PARTNER_REJECTED, "registration");
}

static const struct partner *
partner_of(struct world *w, const char *id)
{
    return registry_find(w->services.registry, id);
}

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
an_algorithm_that_no_key_signs_by_is_refused(void **state)
{
    struct world *w = *state;
    const struct keyring *whole = w->services.keys;
    struct keyring without = *whole;
    struct signing_key *keys = arena_alloc(w->arena, whole->signing_count * sizeof(*keys));

    without.signing = keys;
    without.signing_count = 0;
    for (size_t i = 0; i < whole->signing_count; i++)
        if (whole->signing[i].alg != JWS_RS256)
            keys[without.signing_count++] = whole->signing[i];
    w->services.keys = &without;
    assert_file_refused(w, FILE_OF(ONE("aa", PUBLIC)),
                        "! aa: id_token_signed_response_alg: no key signs so; 'tongxing key init'");
    assert_file_refused(w,
                        FILE_OF(ONE("aa", PUBLIC ",\"id_token_signed_response_alg\":\"ES256\","
                                                 "\"access_token_signed_response_alg\":\"RS256\"")),
                        "! aa: access_token_signed_response_alg: no key signs so");
    applied(w, FILE_OF(ONE("aa", PUBLIC ",\"id_token_signed_response_alg\":\"ES256\"")));
    w->services.keys = (struct keyring *)whole;
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
az_35_a_redirect_uri_of_two_partners_is_refused(void **state)
{
    struct world *w = *state;

    assert_file_refused(w,
                        FILE_OF(ONE("aa", PUBLIC) ",{\"client_id\":\"bb\",\"client_name\":\"名\","
                                                  "\"client_name#en\":\"Name\",\"channel\":\"web\","
                                                  "\"redirect_uris\":[\"https://aa.example/cb\"],"
                                                  "\"grant_types\":[\"authorization_code\"],"
                                                  "\"scope\":\"openid\"" PUBLIC "}"),
                        "! bb: redirect_uris: https://aa.example/cb is one of aa too; both must "
                        "say shared_redirect_uris.");
}

#define SHARING ",\"shared_redirect_uris\":true"
#define AT_AA(id, more)                                                                            \
    "{\"client_id\":\"" id "\",\"client_name\":\"名\","                                           \
    "\"redirect_uris\":[\"https://aa.example/cb\"]" PUBLIC more "}"

static void
az_35_two_that_both_say_so_share_a_redirect_uri_and_the_plan_tells(void **state)
{
    static const char both[] = FILE_OF(AT_AA("aa", SHARING) "," AT_AA("bb", SHARING));
    static const char words[] = "both must say shared_redirect_uris.";
    struct world *w = *state;

    applied(w, FILE_OF(""));
    assert_file_refused(w, FILE_OF(AT_AA("aa", SHARING) "," AT_AA("bb", "")), words);
    assert_file_refused(w, FILE_OF(AT_AA("aa", "") "," AT_AA("bb", SHARING)), words);
    assert_string_equal(planned(w, both), "+ aa\n  aa shares https://aa.example/cb with bb\n"
                                          "+ bb\n  bb shares https://aa.example/cb with aa\n");
    applied(w, both);
    assert_true(partner_of(w, "bb")->profile.shared_redirect_uris);
    assert_string_equal(planned(w, both), "= nothing to do\n");
    assert_file_refused(w, FILE_OF(AT_AA("aa", SHARING)),
                        "! aa: shared_redirect_uris: no other partner has one");
}

#define RESOURCES(words) BASIC ",\"resources\":\"" words "\""
#define AUDIENCE(words) PUBLIC ",\"audience\":\"" words "\""

static void
k2_an_audience_is_answered_for_by_one_partner(void **state)
{
    struct world *w = *state;

    applied(w, FILE_OF(""));
    assert_file_refused(w, FILE_OF(ONE("aa", RESOURCES("x y")) "," ONE("bb", RESOURCES("z y"))),
                        "! bb: resources: y belongs to aa already.");
    assert_file_refused(w, FILE_OF(ONE("aa", RESOURCES("bb")) "," ONE("bb", PUBLIC)),
                        "! aa: resources: bb is the client_id of another partner.");
    assert_file_refused(w, FILE_OF(ONE("aa", RESOURCES(WORLD_ISSUER))),
                        "! aa: resources: the issuer is the audience of every person's token");
    assert_file_refused(w, FILE_OF(ONE("aa", PUBLIC ",\"resources\":\"x\"")),
                        "! aa: resources: are for partners that prove who they are");
    assert_string_equal(
        planned(w, FILE_OF(ONE("aa", RESOURCES("x y")) "," ONE("bb", AUDIENCE("x")))),
        "+ aa\n  aa answers for y, which is nobody's audience\n+ bb\n");
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

#define JWKS(keys, more)                                                                           \
    ",\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":{\"keys\":[" keys "]}" more

static void
keys_that_could_never_authenticate_are_refused(void **state)
{
    /* RFC 8037, A.2 */
    static const char file[] =
        FILE_OF(ONE("aa", JWKS("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                               "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                               ",\"token_endpoint_auth_signing_alg\":\"ES256\"")));
    struct world *w = *state;

    assert_file_refused(w, file, "! aa: token_endpoint_auth_signing_alg: no key of jwks signs so.");
    assert_file_refused(w, FILE_OF(ONE("aa", JWKS("{\"kty\":\"EC\"}", ""))),
                        "! aa: jwks: must hold public keys of P-256");
    assert_file_refused(w,
                        FILE_OF(ONE("aa", PUBLIC ",\"backchannel_logout_session_required\":true")),
                        "! aa: backchannel_logout_session_required: is for partners with");
}

#define ON_LOOPBACK(id, uri, more)                                                                 \
    "{\"client_id\":\"" id "\",\"client_name\":\"名\",\"client_name#en\":\"Name\","               \
    "\"channel\":\"app\",\"redirect_uris\":[\"" uri "\"],"                                         \
    "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid\"" PUBLIC more "}"
#define NATIVE ",\"application_type\":\"native\""

/* Whatever port is registered, a native partner may ask for any other (RFC 8252, 7.3). */
static void
az_35_a_loopback_address_on_another_port_is_the_same_for_native_partners(void **state)
{
    static const char words[] = "both must say shared_redirect_uris.";
    struct world *w = *state;

    assert_file_refused(
        w,
        FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb",
                            NATIVE) "," ON_LOOPBACK("bb", "http://127.0.0.1:9002/cb", NATIVE)),
        words);
    assert_file_refused(
        w,
        FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb",
                            NATIVE) "," ON_LOOPBACK("bb", "http://127.0.0.1:9002/cb", "")),
        words);
    assert_file_refused(w,
                        FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb", "") "," ON_LOOPBACK(
                            "bb", "http://127.0.0.1:9002/cb", NATIVE)),
                        words);
    applied(w, FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb", NATIVE) "," ON_LOOPBACK(
                   "bb", "http://127.0.0.1:9002/other", NATIVE)));
    applied(w, FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb",
                                   "") "," ON_LOOPBACK("bb", "http://127.0.0.1:9002/cb", "")));
}

static void
what_is_wrong_with_a_file_is_said_and_nothing_is_changed(void **state)
{
    struct world *w = *state;

    assert_file_refused(w, "", "this is not JSON.");
    assert_file_refused(w, "{\"partners\":[", "line 1: this is not JSON.");
    assert_file_refused(w, "[]", "file: must be");
    assert_file_refused(w, "{}", "file: must be");
    assert_file_refused(w, "{\"partners\":{}}", "file: must be");
    assert_file_refused(w, "{\"partners\":[],\"more\":1}", "file: must be");
    assert_file_refused(w, "{\"partners\":[],\"partners\":[]}", "this is not JSON.");
    assert_file_refused(w, FILE_OF("7"), "(without client_id)");
    assert_file_refused(w, FILE_OF("{}"), "(without client_id)");
    assert_file_refused(w, FILE_OF(ONE("aa", PUBLIC) "," ONE("aa", PUBLIC)), "aa: stands twice");
    assert_file_refused(w, FILE_OF(ONE("aa", BASIC ",\"client_secret\":7")), "must be a text.");
    assert_file_refused(w, FILE_OF(ONE("aa", BASIC ",\"client_secret\":\"short\"")),
                        "32 characters");
    assert_file_refused(w, FILE_OF(ONE("aa", PUBLIC ",\"client_secret\":\"" SECRET "\"")),
                        "does not go with");
    assert_file_refused(w, FILE_OF(ONE("aa", PUBLIC ",\"surprise\":1")), "surprise");
    assert_file_refused(w, FILE_OF(ONE("good", PUBLIC) "," ONE("aa", PUBLIC ",\"surprise\":1")),
                        "! aa: ");
}

static void
a_file_over_four_megabytes_is_not_even_read(void **state)
{
    struct world *w = *state;
    size_t size = ((size_t)4 << 20) + 1;
    const char *report;

    assert_int_equal(
        apply_bytes(w, (struct bytes) { arena_alloc(w->arena, size), size }, false, &report),
        ERR_INVALID);
    assert_non_null(strstr(report, "larger than 4 MiB"));
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

static void
more_than_ten_thousand_are_refused(void **state)
{
    struct world *w = *state;
    struct buf file = buf_new(w->arena, 65536);

    buf_text(&file, "{\"partners\":[{}");
    for (int i = 0; i < PARTNERS_MAX; i++)
        buf_text(&file, ",{}");
    buf_text(&file, "]}");
    assert_file_refused(w, file.at, "has more than 10000 partners.");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_plan_says_what_would_change_and_changes_nothing),
        world_test(the_same_file_again_is_nothing_to_do),
        world_test(what_a_version_before_has_stored_holds_until_the_file_is_applied_again),
        world_test(an_algorithm_that_no_key_signs_by_is_refused),
        world_test(partners_that_are_not_in_the_file_are_removed),
        world_test(a_secret_is_made_once_and_only_its_digest_is_kept),
        world_test(a_secret_of_the_file_is_taken_and_never_told),
        world_test(a_secret_that_hmac_needs_is_kept_sealed),
        world_test(moving_to_client_secret_jwt_needs_a_new_secret_which_is_told),
        world_test(az_35_a_redirect_uri_of_two_partners_is_refused),
        world_test(az_35_two_that_both_say_so_share_a_redirect_uri_and_the_plan_tells),
        world_test(k2_an_audience_is_answered_for_by_one_partner),
        world_test(k9_a_secret_that_many_libraries_send_wrongly_is_told_of_once),
        world_test(keys_that_could_never_authenticate_are_refused),
        world_test(az_35_a_loopback_address_on_another_port_is_the_same_for_native_partners),
        world_test(what_is_wrong_with_a_file_is_said_and_nothing_is_changed),
        world_test(a_file_over_four_megabytes_is_not_even_read),
        world_test(without_randomness_no_secret_is_made_and_nothing_is_changed),
        world_test(one_that_comes_back_counts_from_then_on),
        world_test(more_than_ten_thousand_are_refused),
    };

    return world_run(tests);
}
