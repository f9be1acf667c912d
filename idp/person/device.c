/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/device.h"

#include "keys/seal.h"
#include "keys/secret.h"
#include "policies/network.h"

#define CONTEXT "device.1"
#define ID_BYTES 8
#define PHONE_BYTES 8
#define TIME_BYTES 4 /* until 2106 */
#define PERSON_BYTES (PHONE_BYTES + TIME_BYTES)

static uint64_t
number_read(const uint8_t *at, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number = number << 8 | at[i];
    return number;
}

static void
number_write(uint8_t *to, size_t size, uint64_t number)
{
    for (size_t i = size; i > 0; i--, number >>= 8)
        to[i - 1] = (uint8_t)number;
}

static uint64_t
phone_number(const struct ctx *ctx, const char *phone)
{
    struct digest digest = digest_keyed_texts(&ctx->keys->index, "device.phone", phone, NULL);

    return number_read(digest.bytes, PHONE_BYTES);
}

static bool
unpack_people(const struct ctx *ctx, struct bytes plain, struct device *out)
{
    if (plain.size < ID_BYTES || (plain.size - ID_BYTES) % PERSON_BYTES != 0 ||
        (plain.size - ID_BYTES) / PERSON_BYTES > DEVICE_PEOPLE)
        return false;
    out->id = number_read(plain.at, ID_BYTES);
    for (size_t at = ID_BYTES; at < plain.size; at += PERSON_BYTES) {
        unix_s time = (unix_s)number_read(plain.at + at + PHONE_BYTES, TIME_BYTES);

        if (ctx->now - time >= ctx->settings->life.device_s)
            continue;
        out->people[out->count].phone = number_read(plain.at + at, PHONE_BYTES);
        out->people[out->count++].at = time;
    }
    return true;
}

const struct device *
device_open(struct ctx *ctx, const char *cookie)
{
    struct device *device = arena_alloc(ctx->arena, sizeof(*device));
    struct bytes plain;

    if (cookie == NULL ||
        seal_text_open(&ctx->keys->seal, ctx->arena, CONTEXT, cookie, &plain) != OK)
        return NULL;
    *device = (struct device) { 0 };
    return unpack_people(ctx, plain, device) ? device : NULL;
}

enum err
device_settle(struct ctx *ctx)
{
    struct device *device;
    enum err err;

    if (ctx->device != NULL)
        return OK;
    device = arena_alloc(ctx->arena, sizeof(*device));
    *device = (struct device) { 0 };
    err = env_random(ctx->env, &device->id, sizeof(device->id));
    if (err == OK)
        ctx->device = device;
    return err;
}

const char *
device_name(const struct ctx *ctx)
{
    if (ctx->device == NULL)
        return "";
    return arena_printf(ctx->arena, "%016llx", (unsigned long long)ctx->device->id);
}

/* The place of the number, or the count when it has none. */
static size_t
place_of(const struct device *device, uint64_t phone)
{
    size_t i = 0;

    while (i < device->count && device->people[i].phone != phone)
        i++;
    return i;
}

bool
device_knows(const struct ctx *ctx, const char *phone)
{
    return ctx->device != NULL &&
           place_of(ctx->device, phone_number(ctx, phone)) < ctx->device->count;
}

static size_t
longest_absent(const struct device *device)
{
    size_t oldest = 0;

    for (size_t i = 1; i < device->count; i++)
        if (device->people[i].at < device->people[oldest].at)
            oldest = i;
    return oldest;
}

static struct bytes
pack_people(struct ctx *ctx, const struct device *device)
{
    size_t size = ID_BYTES + device->count * PERSON_BYTES;
    uint8_t *plain = arena_alloc(ctx->arena, size);

    number_write(plain, ID_BYTES, device->id);
    for (size_t i = 0; i < device->count; i++) {
        uint8_t *to = plain + ID_BYTES + i * PERSON_BYTES;

        number_write(to, PHONE_BYTES, device->people[i].phone);
        number_write(to + PHONE_BYTES, TIME_BYTES, (uint64_t)device->people[i].at);
    }
    return bytes_of(plain, size);
}

static void
number_put(struct ctx *ctx, struct device *device, const char *phone)
{
    uint64_t number = phone_number(ctx, phone);
    size_t place = place_of(device, number);

    if (place == DEVICE_PEOPLE)
        place = longest_absent(device);
    else if (place == device->count)
        device->count++;
    device->people[place].phone = number;
    device->people[place].at = ctx->now;
}

enum err
device_remember(struct ctx *ctx, const char *phone, const char **cookie)
{
    struct device device;
    enum err err = device_settle(ctx);

    if (err != OK)
        return err;
    device = *ctx->device;
    if (phone != NULL)
        number_put(ctx, &device, phone);
    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, CONTEXT, pack_people(ctx, &device),
                     cookie);
}

const char *
device_requester(struct ctx *ctx, const char *phone, bool *known)
{
    *known = device_knows(ctx, phone);
    if (!*known)
        return network_unit(ctx->arena, ctx->address);
    return arena_printf(ctx->arena, "device %llu", (unsigned long long)ctx->device->id);
}
