/* SPDX-License-Identifier: Apache-2.0 */
/* What a partners file is refused for. */
#include "idp/tables/partner.h"
#include "tests/partner/kit.h"

#define JWKS(keys, more)                                                                           \
    ",\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":{\"keys\":[" keys "]}" more

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
        world_test(an_algorithm_that_no_key_signs_by_is_refused),
        world_test(keys_that_could_never_authenticate_are_refused),
        world_test(what_is_wrong_with_a_file_is_said_and_nothing_is_changed),
        world_test(a_file_over_four_megabytes_is_not_even_read),
        world_test(more_than_ten_thousand_are_refused),
    };

    return world_run(tests);
}
