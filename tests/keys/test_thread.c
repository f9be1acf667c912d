/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include <pthread.h>

#include "keys/thread.h"

static void *
own_contexts(void *others)
{
    struct thread_crypto *mine = thread_crypto();

    return mine != others && mine == thread_crypto() ? mine->sha256 : NULL;
}

static void
every_thread_has_contexts_of_its_own_and_the_digest_in_common(void **state)
{
    struct thread_crypto *mine = thread_crypto();
    pthread_t thread;
    void *sha256;

    (void)state;
    assert_ptr_equal(mine, thread_crypto());
    assert_int_equal(pthread_create(&thread, NULL, own_contexts, mine), 0);
    pthread_join(thread, &sha256);
    assert_ptr_equal(sha256, mine->sha256);
}

static void
a_cleared_signer_is_free(void **state)
{
    struct thread_signer signer = { .serial = 7, .message_signer = EVP_MD_CTX_new() };

    (void)state;
    thread_signer_clear(&signer);
    assert_int_equal(signer.serial, 0);
    assert_null(signer.digest_signer);
    assert_null(signer.message_signer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_thread_has_contexts_of_its_own_and_the_digest_in_common),
        TEST(a_cleared_signer_is_free),
    };

    return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
