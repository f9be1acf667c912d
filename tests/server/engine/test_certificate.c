/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/certificate_kit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "idp/server/engine/certificate.h"

static char home[] = "/tmp/tongxing-certificate-XXXXXX";

static const struct kit_certificate plain = {
    .host = "id.example.cn", .serial = 7, .begins_s = -KIT_DAY_S, .ends_s = 90 * KIT_DAY_S
};

static int
home_make(void **state)
{
    (void)state;
    return mkdtemp(home) != NULL && chdir(home) == 0 ? 0 : -1;
}

static int
home_remove(void **state)
{
    (void)state;
    unlink("cert.pem");
    unlink("key.pem");
    unlink("other.pem");
    return rmdir(home);
}

static void
it_tells_its_days_and_its_hosts(void **state)
{
    struct certificate *certificate = NULL;
    const char *why = NULL;
    struct certificate_facts facts;

    (void)state;
    kit_certificate_write(&plain, "cert.pem", "key.pem");
    assert_int_equal(certificate_open("cert.pem", "key.pem", &certificate, &why), OK);
    facts = certificate_facts(certificate);
    assert_int_equal(facts.ends - facts.begins, 91 * KIT_DAY_S);
    assert_int_equal(facts.count, 1);
    assert_true(facts.signs_itself);
    assert_true(certificate_is_for(certificate, "id.example.cn"));
    assert_true(certificate_is_for(certificate, "127.0.0.1"));
    assert_false(certificate_is_for(certificate, "www.example.cn"));
    certificate_free(certificate);
    certificate_free(NULL);
    assert_int_equal(certificate_open("cert.pem", NULL, &certificate, &why), OK);
    certificate_free(certificate);
}

static void
assert_unfit(const char *certificate_file, const char *key_file, const char *part)
{
    struct certificate *certificate = NULL;
    const char *why = NULL;

    assert_int_equal(certificate_open(certificate_file, key_file, &certificate, &why), ERR_INVALID);
    assert_null(certificate);
    assert_non_null(strstr(why, part));
}

static void
files_that_are_no_certificate_with_its_key_are_refused(void **state)
{
    static const char text[] = SOURCE_DIR "/LICENSE";

    (void)state;
    kit_certificate_write(&plain, "cert.pem", "key.pem");
    kit_certificate_write(&plain, "cert.pem", "other.pem");
    assert_unfit("nowhere", "key.pem", "The certificate cannot be read.");
    assert_unfit(text, "key.pem", "no certificate in PEM");
    assert_unfit("key.pem", "key.pem", "no certificate in PEM");
    assert_unfit("cert.pem", "nowhere", "The key cannot be read.");
    assert_unfit("cert.pem", text, "no private key in PEM");
    assert_unfit("cert.pem", "cert.pem", "no private key in PEM");
    assert_unfit("cert.pem", "key.pem", "does not belong");
}

/* Authorities are a list; what is shown is a chain, and leaves out who is none of it. */
static void
a_list_holds_all_and_a_chain_those_that_belong_to_it(void **state)
{
    struct kit_certificate stranger = plain;
    struct certificate *certificate = NULL;
    const char *why = NULL;

    (void)state;
    stranger.host = "www.example.cn";
    kit_certificate_write(&stranger, "other.pem", NULL);
    kit_certificate_write(&plain, "cert.pem", "key.pem");
    kit_append("cert.pem", "other.pem");
    assert_int_equal(certificate_open("cert.pem", NULL, &certificate, &why), OK);
    assert_int_equal(certificate_facts(certificate).count, 2);
    certificate_free(certificate);
    assert_int_equal(certificate_open("cert.pem", "key.pem", &certificate, &why), OK);
    assert_int_equal(certificate_facts(certificate).count, 1);
    assert_true(certificate_is_for(certificate, "id.example.cn"));
    certificate_free(certificate);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_its_days_and_its_hosts),
        cmocka_unit_test(a_list_holds_all_and_a_chain_those_that_belong_to_it),
        cmocka_unit_test(files_that_are_no_certificate_with_its_key_are_refused),
    };

    return cmocka_run_group_tests(tests, home_make, home_remove);
}
