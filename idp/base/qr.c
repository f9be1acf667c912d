/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/unwind.h"

#define QUIET 4
/* What the rows of one code take, more or less. */
#define FIRST_GUESS 8192

static void
release(void *code)
{
    QRcode_free(code);
}

static QRcode *
encode(struct arena *arena, const char *text)
{
    size_t size = strlen(text);
    QRcode *code = NULL;

    errno = ERANGE;
    if (size <= QR_TEXT_MAX_BYTES)
        code = QRcode_encodeData((int)size, (const unsigned char *)text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        unwind(errno == ENOMEM ? ERR_UNAVAILABLE : ERR_TOO_LARGE);
    arena_own(arena, code, release);
    return code;
}

static bool
is_dark(const QRcode *code, int x, int y)
{
    return (code->data[y * code->width + x] & 1) != 0;
}

/* One run after the other, each told from where the one before has ended. */
static void
row_write(struct buf *path, const QRcode *code, int y)
{
    int end = 0;

    buf_char(path, 'M');
    buf_int(path, QUIET);
    buf_char(path, ' ');
    buf_int(path, QUIET + y);
    for (int x = 0; x < code->width; x = end) {
        int start = x;

        while (start < code->width && !is_dark(code, start, y))
            start++;
        for (end = start; end < code->width && is_dark(code, end, y);)
            end++;
        if (start == end)
            return;
        if (start > x) {
            buf_char(path, 'm');
            buf_int(path, start - x);
            buf_text(path, " 0");
        }
        buf_char(path, 'h');
        buf_int(path, end - start);
    }
}

struct qr
qr_draw(struct arena *arena, const char *text)
{
    const QRcode *code = encode(arena, text);
    struct buf path = buf_new(arena, FIRST_GUESS);

    for (int y = 0; y < code->width; y++)
        row_write(&path, code, y);
    return (struct qr) { path.at, code->width + 2 * QUIET };
}
