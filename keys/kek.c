/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/kek.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idp/base/arena.h"
#include "idp/base/log.h"

#define HEX_SIZE (2 * sizeof(struct key32))
#define SCRATCH_BYTES 1024

/* NULL when the file may hold the key of all keys. */
static const char *
flaw_of(const struct stat *st)
{
    if (!S_ISREG(st->st_mode))
        return "not a regular file";
    if (st->st_uid != geteuid() && st->st_uid != 0)
        return "owned by somebody else";
    if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return "open to group or others";
    if (st->st_size != (off_t)HEX_SIZE && st->st_size != (off_t)HEX_SIZE + 1)
        return "not of 64 hex digits";
    return NULL;
}

static const char *
decode_key(struct arena *arena, const char *text, size_t size, struct key32 *out)
{
    struct bytes key;

    if (size == HEX_SIZE + 1 && text[HEX_SIZE] == '\n')
        size--;
    if (size != HEX_SIZE || hex_decode(arena, text, size, &key) != OK)
        return "not of 64 hex digits";
    memcpy(out->bytes, key.at, sizeof(out->bytes));
    return NULL;
}

/* We read one byte more than fits, so that we notice a file which grew meanwhile. */
static const char *
read_key(struct arena *arena, int fd, struct key32 *out)
{
    char *text = arena_alloc(arena, HEX_SIZE + 2);
    struct stat st;
    const char *flaw;
    ssize_t size;

    if (fstat(fd, &st) != 0)
        return strerrorname_np(errno);
    flaw = flaw_of(&st);
    if (flaw != NULL)
        return flaw;
    size = read(fd, text, HEX_SIZE + 2);
    if (size < 0)
        return strerrorname_np(errno);
    return decode_key(arena, text, (size_t)size, out);
}

static const char *
read_path(struct arena *arena, const char *path, struct key32 *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const char *flaw;

    if (fd < 0)
        return strerrorname_np(errno);
    flaw = read_key(arena, fd, out);
    close(fd);
    return flaw;
}

const char *
kek_open(const char *path, struct key32 *out)
{
    struct arena *arena = arena_new(SCRATCH_BYTES);
    const char *flaw = read_path(arena, path, out);

    arena_free(arena);
    return flaw;
}

enum err
kek_read(const char *path, struct key32 *out)
{
    const char *flaw = kek_open(path, out);

    if (flaw == NULL)
        return OK;
    log_line(LOG_ERROR, "kek.refused", log_text("path", path), log_text("why", flaw));
    return ERR_INVALID;
}

static enum err
write_key(int fd, struct bytes line)
{
    ssize_t written = write(fd, line.at, line.size);

    return written == (ssize_t)line.size && fsync(fd) == 0 ? OK : ERR_UNAVAILABLE;
}

static enum err
create_file(const char *path, struct bytes line)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    enum err err;

    if (fd < 0)
        return errno == EEXIST ? ERR_CONFLICT : ERR_UNAVAILABLE;
    err = write_key(fd, line);
    if (close(fd) != 0)
        err = ERR_UNAVAILABLE;
    if (err != OK)
        unlink(path);
    return err;
}

enum err
kek_create(struct env *env, const char *path)
{
    struct arena *arena = arena_new(SCRATCH_BYTES);
    struct key32 *key = arena_alloc(arena, sizeof(*key));
    enum err err = env_random(env, key->bytes, sizeof(key->bytes));

    if (err == OK) {
        const char *hex = hex_encode(arena, bytes_of(key->bytes, sizeof(key->bytes)));

        err = create_file(path, bytes_of_text(arena_printf(arena, "%s\n", hex)));
    }
    arena_free(arena);
    return err;
}
