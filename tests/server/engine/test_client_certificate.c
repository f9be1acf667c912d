/* SPDX-License-Identifier: Apache-2.0 */
/* The authorities of client certificates; tests/clients/staff_listener.test.mjs has the handshakes. */
#include "idp/server/engine/client_certificate.h"
#include "tests/server/certificate_kit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char file[] = "/tmp/tongxing-authorities-test.pem";

static int
file_remove(void **state)
{
    (void)state;
    unlink(file);
    return 0;
}

static void
authorities_are_one_certificate_or_more_in_pem(void **state)
{
    const struct kit_certificate kit = { .host = "authority", .serial = 1, .ends_s = KIT_DAY_S };
    char *pem = NULL;
    const char *why = NULL;

    (void)state;
    kit_certificate_write(&kit, file, NULL);
    kit_append(file, "/dev/null");
    assert_int_equal(client_authorities_read(file, &pem, &why), OK);
    assert_non_null(strstr(pem, "-----BEGIN CERTIFICATE-----"));
    free(pem);
}

static void
a_file_without_one_is_refused_and_its_name_is_not_told(void **state)
{
    static const char *const files[] = { "/tmp/tongxing-there-is-none", SOURCE_DIR "/LICENSE" };
    static const char *const whys[] = { "The authorities cannot be read.",
                                        "There is no certificate in PEM in it." };

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char *pem = NULL;
        const char *why = NULL;

        assert_int_equal(client_authorities_read(files[i], &pem, &why), ERR_INVALID);
        assert_string_equal(why, whys[i]);
        assert_null(pem);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authorities_are_one_certificate_or_more_in_pem),
        cmocka_unit_test(a_file_without_one_is_refused_and_its_name_is_not_told),
    };

    return cmocka_run_group_tests(tests, NULL, file_remove);
}
