/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/kek.h"
#include "tests/keys/kit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "keys/keyring.h"

#define HEX64 "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"

static char folder[64];
static char path[96];
static int log_file;

static int
folder_setup(void **state)
{
    (void)state;
    strncpy(folder, "/tmp/test.keys.kek.XXXXXX", sizeof(folder) - 1);
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof(path), "%s/kek", folder);
    log_file = memfd_create("log", 0);
    log_set_fd(log_file);
    return 0;
}

static int
folder_teardown(void **state)
{
    (void)state;
    log_set_fd(STDERR_FILENO);
    close(log_file);
    return rmdir(folder);
}

static void
write_file(const char *text, size_t size, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, size), (ssize_t)size);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static enum err
read_of(const char *text, size_t size, mode_t mode)
{
    struct key32 key;
    enum err err;

    write_file(text, size, mode);
    err = kek_read(path, &key);
    unlink(path);
    return err;
}

static void
a_new_file_is_ours_alone_and_reads_back(void **state)
{
    struct key32 first;
    struct key32 again;
    struct stat st;

    (void)state;
    assert_int_equal(kek_create(env_machine(), path), OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(kek_read(path, &first), OK);
    assert_int_equal(kek_read(path, &again), OK);
    assert_memory_equal(first.bytes, again.bytes, 32);
    unlink(path);
    assert_int_equal(kek_create(env_machine(), path), OK);
    assert_int_equal(kek_read(path, &again), OK);
    assert_memory_not_equal(first.bytes, again.bytes, 32);
    unlink(path);
}

static void
an_existing_file_is_never_overwritten(void **state)
{
    struct key32 before;
    struct key32 after;

    (void)state;
    assert_int_equal(kek_create(env_machine(), path), OK);
    assert_int_equal(kek_read(path, &before), OK);
    assert_int_equal(kek_create(env_machine(), path), ERR_CONFLICT);
    assert_int_equal(kek_read(path, &after), OK);
    assert_memory_equal(before.bytes, after.bytes, 32);
    unlink(path);
}

static void
without_randomness_or_folder_no_file_is_made(void **state)
{
    (void)state;
    assert_int_equal(kek_create(env_without_random(), path), ERR_UNAVAILABLE);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(kek_create(env_machine(), "/nowhere/at/all"), ERR_UNAVAILABLE);
}

static void
sixty_four_hex_digits_are_a_key(void **state)
{
    (void)state;
    assert_int_equal(read_of(HEX64, 64, 0600), OK);
    assert_int_equal(read_of(HEX64 "\n", 65, 0600), OK);
    assert_int_equal(read_of(HEX64, 64, 0400), OK);
}

static void
any_other_content_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_of("", 0, 0600), ERR_INVALID);
    assert_int_equal(read_of(HEX64, 63, 0600), ERR_INVALID);
    assert_int_equal(read_of(HEX64 "0", 65, 0600), ERR_INVALID);
    assert_int_equal(read_of(HEX64 "\n\n", 66, 0600), ERR_INVALID);
    assert_int_equal(read_of("x" HEX64, 64, 0600), ERR_INVALID);
    assert_int_equal(read_of(HEX64 HEX64, 128, 0600), ERR_INVALID);
}

static void
a_file_open_to_others_is_refused(void **state)
{
    static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666 };

    (void)state;
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        assert_int_equal(read_of(HEX64, 64, modes[i]), ERR_INVALID);
}

static void
what_is_no_regular_file_is_refused(void **state)
{
    struct key32 key;

    (void)state;
    assert_int_equal(kek_read(path, &key), ERR_INVALID);
    assert_int_equal(kek_read(folder, &key), ERR_INVALID);
    assert_int_equal(kek_read("/dev/null", &key), ERR_INVALID);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(kek_read(path, &key), ERR_INVALID);
    unlink(path);
}

/* Only root can give a file away, so only root can see this. */
static void
a_file_of_somebody_else_is_refused(void **state)
{
    struct key32 key;

    (void)state;
    if (geteuid() != 0)
        skip();
    write_file(HEX64, 64, 0600);
    assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
    assert_int_equal(kek_read(path, &key), ERR_INVALID);
    unlink(path);
}

static void
the_log_says_why_and_never_what(void **state)
{
    char log[16384] = { 0 };

    (void)state;
    assert_int_equal(read_of(HEX64 "0", 65, 0600), ERR_INVALID);
    assert_int_equal(read_of(HEX64, 64, 0644), ERR_INVALID);
    assert_true(pread(log_file, log, sizeof(log) - 1, 0) > 0);
    assert_non_null(strstr(log, "\"why\":\"not of 64 hex digits\""));
    assert_non_null(strstr(log, "\"why\":\"open to group or others\""));
    assert_null(strstr(log, "00112233"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_file_is_ours_alone_and_reads_back),
        cmocka_unit_test(an_existing_file_is_never_overwritten),
        cmocka_unit_test(without_randomness_or_folder_no_file_is_made),
        cmocka_unit_test(sixty_four_hex_digits_are_a_key),
        cmocka_unit_test(any_other_content_is_refused),
        cmocka_unit_test(a_file_open_to_others_is_refused),
        cmocka_unit_test(what_is_no_regular_file_is_refused),
        cmocka_unit_test(a_file_of_somebody_else_is_refused),
        cmocka_unit_test(the_log_says_why_and_never_what),
    };

    return cmocka_run_group_tests_name("kek", tests, folder_setup, folder_teardown);
}
