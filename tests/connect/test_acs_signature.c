/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "idp/connect/acs_signature.h"

/*
 * The two worked examples of Alibaba Cloud's documentation of the method: same call, other date and
 * nonce.
 */
static void
the_published_examples_are_reproduced(void **state)
{
    static const struct {
        const char *date;
        const char *nonce;
        const char *signature;
    } examples[] = {
        { "2023-10-26T10:22:32Z", "3156853299f313e23d1673dc12e1703d",
          "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0" },
        { "2023-10-26T09:01:01Z", "d410180a5abf7fe235dd9b74aca91fc0",
          "e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804" },
    };
    const struct acs_key key = { "YourAccessKeyId", "YourAccessKeySecret" };
    struct arena *arena = arena_new(1 << 20);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct acs_call call = {
            .host = "ecs.cn-shanghai.aliyuncs.com",
            .action = "RunInstances",
            .version = "2014-05-26",
            .date = examples[i].date,
            .nonce = examples[i].nonce,
            .query =
                "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
        };

        assert_string_equal(
            acs_authorization(arena, &call, &key),
            arena_printf(
                arena,
                "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
                "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
                "Signature=%s",
                examples[i].signature));
    }
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_examples_are_reproduced),
    };

    return cmocka_run_group_tests_name("acs_signature", tests, NULL, NULL);
}
