/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/broken.h"

#include "tests/base/kit.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a child: its standard error is the pipe. */
static void
break_in_child(int error)
{
    dup2(error, STDERR_FILENO);
    broken("two and two are four");
}

static void
a_broken_invariant_is_named_and_ends_the_process(void **state)
{
    char said[128] = "";
    int ends[2];
    int status = 0;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0)
        break_in_child(ends[1]);
    close(ends[1]);
    assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_string_equal(said, "invariant broken: two and two are four\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_invariant_is_named_and_ends_the_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
