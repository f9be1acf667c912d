/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/reading.h"

#include <string.h>

#include "idp/base/text.h"

struct config_reading
reading_new(struct findings *found, const char *file, struct settings *out)
{
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < config_table_count; i++) {
        const struct setting *setting = &config_table[i];

        if (setting_is_text(setting))
            setting_put_text(out, setting, setting->text != NULL ? setting->text : "");
        else
            setting_put_number(out, setting, setting->number);
    }
    return (struct config_reading) {
        .found = found, .arena = found->arena, .file = file, .out = out, .section = ""
    };
}

void
reading_open(struct config_reading *reading, const char *section)
{
    reading->section = section;
    for (size_t i = 0; i < config_table_count; i++) {
        if (text_eq(config_table[i].section, section) && reading->places[i].heading == 0)
            reading->places[i].heading = reading->line;
    }
}

const char *
reading_name(const struct config_reading *reading, const struct setting *setting)
{
    return arena_printf(reading->arena, "%s.%s", setting->section, setting->key);
}

struct config_place *
reading_place(struct config_reading *reading, const struct setting *setting)
{
    return &reading->places[setting - config_table];
}

bool
reading_is_empty(const struct config_reading *reading, size_t offset)
{
    return text_is_empty(setting_text(reading->out, config_setting_at(offset)));
}

static void
add(struct config_reading *reading, enum finding_level level, int line, const char *sentence,
    const char *advice)
{
    finding_add(reading->found, &(struct finding) { .level = level,
                                                    .file = reading->file,
                                                    .line = line,
                                                    .sentence = sentence,
                                                    .advice = advice });
}

void
reading_fault(struct config_reading *reading, int line, const char *sentence, const char *advice)
{
    add(reading, FINDING_ERROR, line, sentence, advice);
}

static int
line_of(const struct config_place *place)
{
    if (place->line != 0)
        return place->line;
    return place->heading != 0 ? place->heading : 1;
}

void
reading_fault_of(struct config_reading *reading, const struct setting *setting,
                 const char *sentence, const char *advice)
{
    struct config_place *place = reading_place(reading, setting);

    place->wrong = true;
    reading_fault(reading, line_of(place), sentence, advice);
}

void
reading_warn_of(struct config_reading *reading, size_t offset, const char *sentence,
                const char *advice)
{
    const struct config_place *place = reading_place(reading, config_setting_at(offset));

    add(reading, FINDING_WARNING, line_of(place), sentence, advice);
}
