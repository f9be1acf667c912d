/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target without libFuzzer: every file of its corpus as it is, cut short, and with
 * bytes changed. The changes are the same in every run, so that a failure can be repeated.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_INPUT (1 << 20)
#define CUTS 32
#define CHANGES 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t
next_number(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* In memory of exactly this size, so that the sanitizer sees one byte too far. */
static void
run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);

    if (copy == NULL)
        abort();
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void
run_cuts(const uint8_t *data, size_t size)
{
    size_t cuts = size < CUTS ? size : CUTS;

    for (size_t i = 0; i < cuts; i++)
        run(data, size * i / cuts);
}

static void
run_changes(uint8_t *data, size_t size)
{
    static const uint8_t awkward[] = { 0x00, 0x7f, 0x80, 0xff, '"', '\\',
                                       '%',  '&',  '=',  '.',  '{', '[' };
    uint32_t seed = 2463534242U;

    for (int i = 0; i < CHANGES && size > 0; i++) {
        size_t at = next_number(&seed) % size;
        uint8_t before = data[at];

        if (i % 2 == 0)
            data[at] = awkward[next_number(&seed) % sizeof(awkward)];
        else
            data[at] = (uint8_t)(before ^ (1U << (next_number(&seed) % 8)));
        run(data, size);
        data[at] = before;
    }
}

static int
replay_file(const char *folder, const char *name)
{
    static uint8_t data[LARGEST_INPUT];
    char path[4096];
    size_t size;
    FILE *in;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    in = fopen(path, "rb");
    if (in == NULL) {
        perror(path);
        return 1;
    }
    size = fread(data, 1, sizeof(data), in);
    fclose(in);
    run(data, size);
    run_cuts(data, size);
    run_changes(data, size);
    return 0;
}

static int
is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int
main(int argc, char **argv)
{
    struct dirent **entries = NULL;
    int failures = 0;
    int count;

    count = argc == 2 ? scandir(argv[1], &entries, is_input, alphasort) : -1;
    if (count <= 0) {
        fprintf(stderr, "usage: %s CORPUS (a folder with at least one file)\n", argv[0]);
        return 2;
    }
    for (int i = 0; i < count; i++) {
        failures += replay_file(argv[1], entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    printf("%d inputs replayed\n", count);
    return failures > 0;
}
