/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/certificate.h"
#include "tests/keys/kit.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "idp/base/bytes.h"

/* Of no key that matters: only its end is read. */
static struct bytes
certificate_ending(struct arena *arena, const char *end)
{
    X509 *certificate = X509_new();
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_mem());
    const char *at;
    long size;
    struct bytes pem;

    assert_int_equal(ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20200101000000Z"), 1);
    assert_int_equal(ASN1_TIME_set_string(X509_getm_notAfter(certificate), end), 1);
    assert_int_equal(X509_set_pubkey(certificate, key), 1);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    assert_int_equal(PEM_write_bio_X509(bio, certificate), 1);
    size = BIO_get_mem_data(bio, &at);
    pem = bytes_of(arena_copy(arena, at, (size_t)size), (size_t)size);
    BIO_free(bio);
    EVP_PKEY_free(key);
    X509_free(certificate);
    return pem;
}

static void
a_certificate_tells_when_it_ends(void **state)
{
    struct arena *arena = arena_new(65536);
    unix_s end = 0;

    (void)state;
    assert_int_equal(certificate_end(certificate_ending(arena, "20260101000000Z"), &end), OK);
    assert_int_equal(end, 1767225600);
    assert_int_equal(certificate_end(certificate_ending(arena, "20620102030405Z"), &end), OK);
    assert_int_equal(end, 2903396645);
    arena_free(arena);
}

static void
what_is_no_certificate_has_no_end(void **state)
{
    unix_s end = 7;

    (void)state;
    assert_int_equal(certificate_end(bytes_of_text(""), &end), ERR_INVALID);
    assert_int_equal(
        certificate_end(
            bytes_of_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), &end),
        ERR_INVALID);
    assert_int_equal(end, 7);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_tells_when_it_ends),
        cmocka_unit_test(what_is_no_certificate_has_no_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
