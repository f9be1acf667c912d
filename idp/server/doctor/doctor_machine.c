/* SPDX-License-Identifier: Apache-2.0 */
/* This machine: addresses, disk, folders, limits and the clock. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "idp/base/text.h"
#include "idp/server/doctor/doctor.h"
#include "idp/server/engine/connections.h"
#include "idp/server/engine/listen.h"

#define AT(member) SETTING_AT(member)
#define SQLITE "sqlite:"
#define MEGABYTE ((uint64_t)1 << 20)
#define DISK_ERROR_MB 64
#define DISK_WARNING_MB 1024
/* Besides those of clients: the store's, of others we call, and the log. */
#define FILES_OF_OUR_OWN 256
#define YEAR_2024 INT64_C(1704067200)

/* --- Addresses --- */

static void
address_check(struct doctor *doctor, size_t setting, const char *address)
{
    int why = listen_probe(address);

    if (why == 0)
        doctor_tell(doctor, FINDING_OK, setting, "", "%s is free to listen at.", address);
    else if (why == EADDRINUSE && doctor->service != NULL)
        doctor_tell(doctor, FINDING_OK, setting, "", "%s is held, as the running service does.",
                    address);
    else if (why == EADDRINUSE)
        doctor_tell(doctor, FINDING_WARNING, setting,
                    "Right when it is the service itself that runs; ss -ltnp says who it is.",
                    "%s is held by another process.", address);
    else if (why == EACCES)
        doctor_tell(doctor, FINDING_WARNING, setting,
                    "The service needs CAP_NET_BIND_SERVICE for ports below 1024.",
                    "%s may not be listened at by this user.", address);
    else if (why == EADDRNOTAVAIL)
        doctor_tell(doctor, FINDING_ERROR, setting, "ip address shows those it has.",
                    "%s is no address of this machine.", address);
    else
        doctor_tell(doctor, FINDING_ERROR, setting, "Choose another.", "%s cannot be had: %s.",
                    address, strerror(why));
}

static void
listener_check(struct doctor *doctor, size_t setting)
{
    const char *cursor = setting_text(&doctor->settings, config_setting_at(setting));
    const char *word;
    size_t size;

    while (doctor_may_use(doctor, setting) && (word = text_next_word(&cursor, &size)) != NULL)
        address_check(doctor, setting, arena_copy(doctor->arena, word, size));
}

static void
admin_check(struct doctor *doctor)
{
    const char *listen = doctor->settings.server.admin_listen;

    if (*listen == '\0' || !doctor_may_use(doctor, AT(server.admin_listen)) ||
        listen_is_loopback(listen))
        return;
    doctor_tell(doctor, FINDING_WARNING, AT(server.admin_listen),
                "Metrics and the state of the service are told there, in plain http and to whoever "
                "asks: let operators alone reach it, or listen on 127.0.0.1.",
                "The admin listener %s is not of this machine alone.", listen);
}

/* --- Disk and folders --- */

static const char *
folder_of(struct doctor *doctor, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL || slash == path ? "/"
                                          : arena_copy(doctor->arena, path, (size_t)(slash - path));
}

static void
disk_check(struct doctor *doctor, const char *folder)
{
    struct statvfs disk;
    uint64_t free_mb;
    enum finding_level level = FINDING_OK;

    if (statvfs(folder, &disk) != 0)
        return;
    free_mb = (uint64_t)disk.f_bavail * disk.f_frsize / MEGABYTE;
    if (free_mb < DISK_WARNING_MB)
        level = free_mb < DISK_ERROR_MB ? FINDING_ERROR : FINDING_WARNING;
    doctor_tell(
        doctor, level, AT(store.url),
        level == FINDING_OK ? "" : "Make room before it is full: then nobody can log in any more.",
        "%llu MB are free in %s.", (unsigned long long)free_mb, folder);
}

/* Whoever can write into a folder can put another file in the place of any in it. */
static void
folder_check(struct doctor *doctor, size_t setting, const char *path)
{
    const char *folder = folder_of(doctor, path);
    struct stat st;

    if (stat(folder, &st) != 0)
        doctor_tell(doctor, FINDING_ERROR, setting, "Make it, for the service's user alone.",
                    "There is no folder %s.", folder);
    else if ((st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0)
        doctor_tell(
            doctor, FINDING_ERROR, setting, arena_printf(doctor->arena, "chmod o-w %s", folder),
            "Anybody may write in %s, and so put another file in the place of %s.", folder, path);
    else if ((st.st_mode & S_IWGRP) != 0 && st.st_gid != 0 && (st.st_mode & S_ISVTX) == 0)
        doctor_tell(
            doctor, FINDING_WARNING, setting, arena_printf(doctor->arena, "chmod g-w %s", folder),
            "The group may write in %s, and so put another file in the place of %s.", folder, path);
}

static void
folders_check(struct doctor *doctor)
{
    static const size_t files[] = { AT(keys.encryption_key_file), AT(server.tls_key_file),
                                    AT(bank.key_file), AT(server.control_socket) };
    const char *url = doctor->settings.store.url;

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        const char *path = setting_text(&doctor->settings, config_setting_at(files[i]));

        if (*path != '\0' && doctor_may_use(doctor, files[i]))
            folder_check(doctor, files[i], path);
    }
    if (!text_starts(url, SQLITE) || !doctor_may_use(doctor, AT(store.url)))
        return;
    folder_check(doctor, AT(store.url), url + strlen(SQLITE));
    disk_check(doctor, folder_of(doctor, url + strlen(SQLITE)));
}

/* Who may change the file decides what the service trusts. */
static void
config_file_check(struct doctor *doctor)
{
    struct stat st;

    if (stat(doctor->config, &st) == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        finding_add(doctor->found,
                    &(struct finding) {
                        .level = FINDING_WARNING,
                        .file = doctor->config,
                        .sentence = arena_printf(doctor->arena,
                                                 "The file has mode %04o: others may change it.",
                                                 (unsigned)(st.st_mode & 07777)),
                        .advice = arena_printf(doctor->arena, "chmod go-w %s", doctor->config) });
}

/* --- Limits and clock --- */

static void
files_limit_check(struct doctor *doctor)
{
    int64_t needed =
        CONNECTIONS_IN_ENGINE(doctor->settings.server.connection_limit) + FILES_OF_OUR_OWN;
    struct rlimit limit;

    if (!doctor_may_use(doctor, AT(server.connection_limit)) ||
        getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= (rlim_t)needed)
        doctor_tell(doctor, FINDING_OK, AT(server.connection_limit), "",
                    "%lld files may be open, which are enough for all connections.",
                    (long long)limit.rlim_cur);
    else
        doctor_tell(
            doctor, FINDING_WARNING, AT(server.connection_limit),
            arena_printf(doctor->arena,
                         "Of the service itself its unit decides: LimitNOFILE=%lld or more.",
                         (long long)needed),
            "In this shell %lld files may be open, and server.connection_limit wants %lld.",
            (long long)limit.rlim_cur, (long long)needed);
}

static void
clock_check(struct doctor *doctor)
{
    if (doctor->now < YEAR_2024)
        finding_add(doctor->found,
                    &(struct finding) { .level = FINDING_ERROR,
                                        .file = doctor->config,
                                        .sentence = "This machine's clock is years behind.",
                                        .advice = "Set it by NTP: tokens and certificates are "
                                                  "judged by it." });
}

void
doctor_look_at_machine(struct doctor *doctor)
{
    listener_check(doctor, AT(server.listen));
    listener_check(doctor, AT(server.admin_listen));
    admin_check(doctor);
    folders_check(doctor);
    config_file_check(doctor);
    files_limit_check(doctor);
    clock_check(doctor);
}
