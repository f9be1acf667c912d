/* SPDX-License-Identifier: Apache-2.0 */
/* What members of staff need to sign in: a directory, and the table of its groups. */
#include "idp/server/doctor/doctor.h"
#include "idp/staff/groups.h"

#define AT(member) SETTING_AT(member)

static void
groups_check(struct doctor *doctor, const char *path)
{
    struct staff_groups_file *file = NULL;
    const char *why;

    if (staff_groups_open(doctor->arena, path, &file, &why) != OK)
        doctor_tell(doctor, FINDING_ERROR, AT(staff.groups_file),
                    "Put a JSON array of groups there, readable for the service's user.",
                    "The groups of staff in %s cannot be used. %s", path, why);
    else
        doctor_tell(doctor, FINDING_OK, AT(staff.groups_file), "",
                    "The groups of staff in %s can be used.", path);
    staff_groups_free(file);
}

void
doctor_look_at_staff(struct doctor *doctor)
{
    const struct settings *settings = &doctor->settings;

    if (*settings->staff.listen == '\0')
        return;
    if (*settings->directory.urls == '\0')
        doctor_say(doctor, FINDING_WARNING, AT(staff.listen),
                   "There is no directory of staff: nobody can sign in at the staff listener.",
                   "Set [directory].");
    if (*settings->staff.groups_file == '\0')
        doctor_say(doctor, FINDING_WARNING, AT(staff.listen),
                   "No group of the directory stands for a role: nobody can sign in at the staff "
                   "listener.",
                   "Set staff.groups_file.");
    else if (doctor_may_use(doctor, AT(staff.groups_file)))
        groups_check(doctor, settings->staff.groups_file);
}
