/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/kit.h"

#include <fcntl.h>

#include "idp/base/file.h"
#include "idp/base/log.h"

#define MAX_BYTES 8

static char path[] = "/tmp/tongxing-file-XXXXXX";

static void
file_write(const char *text)
{
    int fd;

    snprintf(path, sizeof(path), "/tmp/tongxing-file-XXXXXX");
    fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static enum err
read_back(struct arena *arena, struct bytes *out)
{
    enum err err = file_read(arena, path, MAX_BYTES, out);

    unlink(path);
    return err;
}

static void
a_file_is_read_whole_with_a_nul_behind(void **state)
{
    static const char *const texts[] = { "", "a", "12345678" };
    struct arena *arena = arena_new(1U << 16);
    struct bytes bytes;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        file_write(texts[i]);
        assert_int_equal(read_back(arena, &bytes), OK);
        assert_int_equal(bytes.size, strlen(texts[i]));
        assert_string_equal((const char *)bytes.at, texts[i]);
    }
    arena_free(arena);
}

static void
a_file_larger_than_allowed_is_refused(void **state)
{
    struct arena *arena = arena_new(1U << 16);
    struct bytes bytes;

    (void)state;
    file_write("123456789");
    assert_int_equal(read_back(arena, &bytes), ERR_INVALID);
    assert_null(bytes.at);
    arena_free(arena);
}

static void
what_cannot_be_read_is_refused_and_the_log_says_why(void **state)
{
    static const char *const paths[] = { "/nowhere/at/all", "/tmp", "" };
    struct arena *arena = arena_new(1U << 16);
    FILE *lines = tmpfile();
    char text[4096] = "";
    struct bytes bytes;

    (void)state;
    assert_non_null(lines);
    log_set_fd(fileno(lines));
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        assert_int_equal(file_read(arena, paths[i], MAX_BYTES, &bytes), ERR_INVALID);
    log_set_fd(2);
    rewind(lines);
    assert_true(fread(text, 1, sizeof(text) - 1, lines) > 0);
    fclose(lines);
    assert_non_null(strstr(text, "file.unreadable"));
    assert_non_null(strstr(text, "/nowhere/at/all"));
    assert_non_null(strstr(text, "Is a directory"));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole_with_a_nul_behind),
        cmocka_unit_test(a_file_larger_than_allowed_is_refused),
        cmocka_unit_test(what_cannot_be_read_is_refused_and_the_log_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
