/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever WeChat, or who stands in its place, answers: it is refused, or its texts are bounded and
 * may stand in an address and a log. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/connect/wechat_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_plain(const char *text, size_t max)
{
    if (strlen(text) > max)
        abort();
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4 << 20);
    struct wechat_answer answer;
    enum wechat_outcome outcome =
        wechat_answer_read(arena, bytes_of(data, size), (size & 1) != 0, &answer);

    if (wechat_outcome_name(outcome) == NULL)
        abort();
    if (outcome == WECHAT_DONE) {
        must_be_plain(answer.openid, 128);
        must_be_plain(answer.unionid, 128);
        must_be_plain(answer.token, 1024);
        if (!text_is_utf8(answer.nickname, strlen(answer.nickname)) ||
            strlen(answer.nickname) > 256 || answer.code != 0 || answer.expires_in_s < 0)
            abort();
    }
    arena_free(arena);
    return 0;
}
