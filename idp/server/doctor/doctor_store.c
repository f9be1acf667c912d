/* SPDX-License-Identifier: Apache-2.0 */
/* The store, and whether the key-encryption key opens what is in it. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idp/base/text.h"
#include "idp/server/doctor/doctor.h"
#include "idp/server/life/services.h"
#include "idp/store/migrate.h"
#include "keys/kek.h"
#include "keys/turning/keys.h"

#define AT(member) SETTING_AT(member)
#define SQLITE "sqlite:"

/* --- The key of all keys --- */

static bool
kek_check(struct doctor *doctor, struct key32 *out)
{
    const char *path = doctor->settings.keys.encryption_key_file;
    const char *flaw;

    if (!doctor_may_use(doctor, AT(keys.encryption_key_file)))
        return false;
    flaw = kek_open(path, out);
    if (flaw == NULL)
        doctor_tell(doctor, FINDING_OK, AT(keys.encryption_key_file), "",
                    "The key-encryption key %s can be read, and by its owner alone.", path);
    else if (text_eq(flaw, "ENOENT"))
        doctor_tell(
            doctor, FINDING_ERROR, AT(keys.encryption_key_file),
            "On a new installation tongxing key init makes it; else bring back the one with "
            "which the store was made.",
            "There is no key-encryption key %s.", path);
    else
        doctor_tell(doctor, FINDING_ERROR, AT(keys.encryption_key_file),
                    "It must be 64 hexadecimal digits in a file of mode 0600 that belongs to the "
                    "service's user or to root; run this as the service's user.",
                    "The key-encryption key %s cannot be used: %s.", path, flaw);
    return flaw == NULL;
}

/* --- What is in the store --- */

static void
keys_check(struct doctor *doctor, struct ctx *ctx, const struct key32 *kek)
{
    enum err err = keys_load(ctx, kek);

    if (err == OK)
        doctor_say(doctor, FINDING_OK, AT(keys.encryption_key_file),
                   "The key-encryption key opens the keys of the store.", "");
    else if (err == ERR_FORGED)
        doctor_say(doctor, FINDING_ERROR, AT(keys.encryption_key_file),
                   "The key-encryption key does not open the keys of this store.",
                   "Bring back the key with which the store was made: without it nobody can log in "
                   "and no personal data can be read.");
    else
        doctor_tell(doctor, FINDING_ERROR, AT(store.url),
                    "On a new installation tongxing key init makes them.",
                    "The keys in the store cannot be used: %s.", err_name(err));
}

static void
schema_check(struct doctor *doctor, struct ctx *ctx, const struct key32 *kek)
{
    const char *why = NULL;
    enum err err = store_schema_check(ctx->store, ctx->arena, &why);

    if (err != OK) {
        doctor_say(doctor, FINDING_ERROR, AT(store.url),
                   arena_printf(doctor->arena, "The schema of the store does not fit: %s.",
                                why != NULL ? why : err_name(err)),
                   "tongxing migrate --plan says what would be done about it.");
        return;
    }
    doctor_say(doctor, FINDING_OK, AT(store.url),
               why != NULL ? arena_printf(doctor->arena, "The store answers; %s.", why)
                           : "The store answers, and its schema fits.",
               "");
    if (kek != NULL)
        keys_check(doctor, ctx, kek);
}

static void
store_check(struct doctor *doctor, const struct key32 *kek)
{
    struct services services;
    enum err err = services_open_store(&services, &doctor->settings);

    if (err != OK) {
        doctor_say(doctor, FINDING_ERROR, AT(store.url), "The store cannot be opened.",
                   "The line that was logged on standard error says why.");
    } else {
        struct store *store = store_open(services.database);
        struct ctx ctx = ctx_new(&services, doctor->arena, store);

        schema_check(doctor, &ctx, kek);
        store_close(store);
    }
    services_close(&services);
}

/* A store that is not there must not come to be because somebody looked. */
static bool
is_missing(const struct doctor *doctor)
{
    const char *url = doctor->settings.store.url;
    struct stat st;

    return text_starts(url, SQLITE) && stat(url + strlen(SQLITE), &st) != 0;
}

/* Whoever opens it leaves files of his own beside it, which the service could not open then. */
static bool
is_of_another(const struct doctor *doctor)
{
    const char *url = doctor->settings.store.url;
    struct stat st;

    return text_starts(url, SQLITE) && stat(url + strlen(SQLITE), &st) == 0 &&
           st.st_uid != geteuid();
}

void
doctor_look_at_store(struct doctor *doctor)
{
    struct key32 kek;
    bool has_kek = kek_check(doctor, &kek);

    if (doctor->service != NULL && *doctor->service == '\0')
        doctor_say(doctor, FINDING_OK, AT(store.url),
                   "The service is running, holds the store, and reads its keys from it.", "");
    else if (doctor->service != NULL)
        doctor_tell(doctor, FINDING_ERROR, AT(store.url), "Its log says more.",
                    "The service is running, and does not answer: %s", doctor->service);
    else if (doctor_may_use(doctor, AT(store.url)) && is_missing(doctor))
        doctor_say(doctor, FINDING_ERROR, AT(store.url), "There is no store yet.",
                   "tongxing migrate makes it, and then tongxing key init its keys.");
    else if (doctor_may_use(doctor, AT(store.url)) && is_of_another(doctor))
        doctor_say(doctor, FINDING_WARNING, AT(store.url),
                   "The store's file belongs to another user, so it was not opened.",
                   "Run this as the service's user.");
    else if (doctor_may_use(doctor, AT(store.url)))
        store_check(doctor, has_kek ? &kek : NULL);
    if (has_kek)
        secret_wipe(&kek, sizeof(kek));
}
