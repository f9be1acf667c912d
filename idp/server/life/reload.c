/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/reload.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "idp/base/log.h"
#include "idp/base/snapshot.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/server/config/config.h"
#include "idp/server/config/config_table.h"
#include "idp/server/engine/certificate.h"

#define ARENA_BYTES ((size_t)4 << 20)
#define SNAPSHOT_BYTES ((size_t)256 << 10)

/* Settings of a reload; those that cannot change are the ones the service was started with, texts
 * and all. */
struct reloaded {
    struct settings settings; /* the first member: what others point to */
    struct arena *arena;
};

struct reload_work {
    struct services *services;
    const struct reload_engines *engines;
    const char *path;
    struct arena *arena;
    struct settings read;
    int64_t changed;
    enum err err;
};

static void
reloaded_free(void *at)
{
    struct reloaded *reloaded = at;

    arena_free(reloaded->arena);
}

/* Those of the start are the caller's. */
static bool
is_of_a_reload(const struct services *services, const struct settings *settings)
{
    return settings != services->settings_at_start;
}

/* --- What has changed --- */

static bool
is_changed(const struct setting *setting, const struct settings *from, const struct settings *to)
{
    if (setting_is_text(setting))
        return !text_eq(setting_text(from, setting), setting_text(to, setting));
    return setting_number(from, setting) != setting_number(to, setting);
}

/* None of the live ones is a secret. */
static void
change_log(const char *name, const struct setting *setting, const struct settings *from,
           const struct settings *to)
{
    if (setting_is_text(setting))
        log_line(LOG_INFO, "config.changed", log_text("setting", name),
                 log_text("from", setting_text(from, setting)),
                 log_text("to", setting_text(to, setting)));
    else
        log_line(LOG_INFO, "config.changed", log_text("setting", name),
                 log_int("from", setting_number(from, setting)),
                 log_int("to", setting_number(to, setting)));
}

static void
setting_copy(struct arena *arena, const struct setting *setting, const struct settings *from,
             struct settings *to)
{
    if (setting_is_text(setting))
        setting_put_text(to, setting, arena_text(arena, setting_text(from, setting)));
    else
        setting_put_number(to, setting, setting_number(from, setting));
}

/* Whether it speaks TLS at all is decided when it starts to listen. */
static bool
is_live(const struct reload_work *work, const struct setting *setting)
{
    const struct settings *now = work->services->settings;

    if (setting->kind != SETTING_PATH)
        return setting->live;
    return setting->live && !text_is_empty(setting_text(now, setting)) &&
           !text_is_empty(setting_text(&work->read, setting));
}

static struct reloaded *
reloaded_new(struct reload_work *work)
{
    const struct settings *now = work->services->settings;
    struct arena *arena = arena_new(SNAPSHOT_BYTES);
    struct reloaded *fresh = arena_alloc(arena, sizeof(*fresh));

    fresh->arena = arena;
    fresh->settings = *now;
    for (size_t i = 0; i < config_table_count; i++) {
        const struct setting *setting = &config_table[i];
        bool live = is_live(work, setting);

        if (setting->live)
            setting_copy(arena, setting, live ? &work->read : now, &fresh->settings);
    }
    return fresh;
}

static void
changes_log(struct reload_work *work)
{
    const struct settings *now = work->services->settings;

    for (size_t i = 0; i < config_table_count; i++) {
        const struct setting *setting = &config_table[i];
        const char *name = arena_printf(work->arena, "%s.%s", setting->section, setting->key);

        if (!is_changed(setting, now, &work->read))
            continue;
        if (is_live(work, setting)) {
            change_log(name, setting, now, &work->read);
            work->changed++;
        } else {
            log_line(LOG_WARN, "config.needs_restart", log_text("setting", name),
                     log_text("reason", "it was changed and takes effect with a restart"));
        }
    }
}

/* --- One reload --- */

static enum err
file_read_anew(struct reload_work *work)
{
    struct findings found = findings_new(work->arena);
    bool readable = config_examine(&found, work->path, &work->read, NULL);

    for (const struct finding *at = found.first; at != NULL; at = at->next)
        log_line(at->level == FINDING_ERROR ? LOG_ERROR : LOG_WARN, "config.mistake",
                 log_text("level", finding_level_name(at->level)),
                 log_text("reason", finding_text(work->arena, at)));
    return readable && found.counts[FINDING_ERROR] == 0 ? OK : ERR_INVALID;
}

/* What a listener shows from now on; NULL: as before. */
struct shown_anew {
    struct engine *engine;
    struct certificate *certificate;
};

/* Also when its name is the old one: renewing a certificate is what reloads are for. */
static enum err
certificate_read_anew(struct shown_anew *anew, const char *before, const char *certificate,
                      const char *key)
{
    if (anew->engine == NULL || text_is_empty(before) || text_is_empty(certificate))
        return OK;
    return engine_read_certificate(certificate, key, &anew->certificate);
}

/* Of all listeners or of none. */
static enum err
certificates_read_anew(const struct reload_work *work)
{
    const struct settings *now = work->services->settings;
    const struct settings *read = &work->read;
    struct shown_anew open = { .engine = work->engines->open };
    struct shown_anew staff = { .engine = work->engines->staff };
    enum err err =
        certificate_read_anew(&open, now->server.tls_certificate_file,
                              read->server.tls_certificate_file, read->server.tls_key_file);

    if (err == OK)
        err = certificate_read_anew(&staff, now->staff.tls_certificate_file,
                                    read->staff.tls_certificate_file, read->staff.tls_key_file);
    if (err != OK) {
        certificate_free(open.certificate);
        return err;
    }
    if (open.certificate != NULL)
        engine_show_certificate(open.engine, open.certificate);
    if (staff.certificate != NULL)
        engine_show_certificate(staff.engine, staff.certificate);
    return OK;
}

static void
publish(struct services *services, struct reloaded *fresh)
{
    const struct settings *old = atomic_exchange(&services->settings, &fresh->settings);

    log_set_level(log_level_of(fresh->settings.log.level));
    if (is_of_a_reload(services, old))
        snapshot_retire((void *)(uintptr_t)old, reloaded_free);
}

static void
work_do(void *at)
{
    struct reload_work *work = at;
    struct reloaded *fresh;
    struct held held;

    work->err = file_read_anew(work);
    if (work->err != OK)
        return;
    fresh = reloaded_new(work);
    hold_begin(&held, reloaded_free, fresh);
    work->err = certificates_read_anew(work);
    if (work->err == OK)
        changes_log(work);
    if (work->err != OK || work->changed == 0) {
        hold_release(&held);
        return;
    }
    hold_end(&held);
    publish(work->services, fresh);
}

enum err
reload(struct services *services, const struct reload_engines *engines, const char *path)
{
    struct reload_work work = {
        .services = services, .engines = engines, .path = path, .arena = arena_new(ARENA_BYTES)
    };
    enum err err = unwind_run(work_do, &work);

    if (err == OK)
        err = work.err;
    if (err == OK)
        log_line(LOG_INFO, "config.reloaded", log_text("path", path),
                 log_int("changed", work.changed));
    else
        log_line(LOG_ERROR, "config.kept", log_text("path", path), log_text("error", err_name(err)),
                 log_text("reason", "the old configuration stands in all of its parts"));
    arena_free(work.arena);
    return err;
}

void
reload_end(struct services *services)
{
    const struct settings *last = services->settings;

    if (last != NULL && is_of_a_reload(services, last))
        reloaded_free((void *)(uintptr_t)last);
    services->settings = services->settings_at_start;
}
