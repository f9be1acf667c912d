/* SPDX-License-Identifier: Apache-2.0 */
/* The sample tree of a directory, on a real slapd (world.h). */
#include <stdlib.h>

#include "idp/base/text.h"
#include "tests/world.h"

static const char *
word_next(struct world *w, const char **cursor)
{
    size_t size;
    const char *word = text_next_word(cursor, &size);

    if (word == NULL)
        world_die("TONGXING_TEST_DIRECTORY is not what tests/ci/slapd.sh start DIR prints");
    return arena_copy(w->arena, word, size);
}

void
world_directory(struct world *w)
{
    const char *server = getenv("TONGXING_TEST_DIRECTORY");

    if (server == NULL)
        world_die(
            "TONGXING_TEST_DIRECTORY is not set: start a server with tests/ci/slapd.sh start DIR and set it to what "
            "that prints");
    w->settings.directory.urls = word_next(w, &server);
    (void)word_next(w, &server);
    w->settings.directory.ca_file = word_next(w, &server);
    w->settings.directory.bind_dn = "cn=tongxing,ou=accounts,dc=hrss,dc=example";
    w->settings.directory.bind_password = "tongxing-may-read";
    w->settings.directory.base = "dc=hrss,dc=example";
    w->settings.directory.max_in_flight = 8;
    w->settings.directory.deadline_s = 5;
    w->settings.staff.groups_file = SOURCE_DIR "/tests/directory/groups.json";
}
