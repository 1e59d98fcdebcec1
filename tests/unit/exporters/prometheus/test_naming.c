/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of naming.cases, one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "exporters/prometheus/name.h"

enum { WORDS = 6, LINE_SIZE = 1024, LEAST_CASES = 100 };

static const char *path;

static int index_of(const char *word, const char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    fail_msg("no such word: %s", word);
    return -1;
}

/* Takes the next word off; quotes are taken away. */
static char *next_word(char **line)
{
    char *at = *line + strspn(*line, " ");
    bool is_quoted = *at == '"';
    char *word = is_quoted ? at + 1 : at;
    char *end = word + strcspn(word, is_quoted ? "\"" : " \n");
    *line = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

static void put_name(struct ct_prom_text *out, char *const *words)
{
    static const char *const strategies[] = {"suffixes", "plain", "utf8", "none"};
    static const char *const escapings[] = {"underscores", "utf8", "dots", "values"};
    static const char *const kinds[] = {"other", "counter", "label"};
    cotel_prometheus_translation translation =
        (cotel_prometheus_translation)index_of(words[0], strategies, 4);
    cotel_prometheus_escaping escaping =
        (cotel_prometheus_escaping)index_of(words[1], escapings, 4);
    int kind = index_of(words[2], kinds, 3);
    if (kind == 2) {
        ct_prom_name_label(out, translation, escaping, cotel_str_of(words[3]));
        return;
    }
    struct ct_prom_text unit = {NULL, 0, 0, false}, name = {NULL, 0, 0, false};
    ct_prom_name_unit(&unit, translation, cotel_str_of(words[4]));
    if (ct_prom_name_metric(&name, translation, cotel_str_of(words[3]), ct_prom_text_str(&unit),
                            kind == 1))
        ct_prom_name_escape(out, escaping, ct_prom_text_str(&name), CT_PROM_METRIC_NAME);
    else
        assert_int_equal(name.size, 0);
    ct_prom_text_fini(&unit);
    ct_prom_text_fini(&name);
}

static void names_become_what_the_table_says(void **state)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[LINE_SIZE];
    int cases = 0;
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        if (line[0] == '#' || line[0] == '\n')
            continue;
        char *words[WORDS], *rest = line;
        for (int i = 0; i < WORDS; i++)
            words[i] = next_word(&rest);
        struct ct_prom_text name = {NULL, 0, 0, false};
        put_name(&name, words);
        ct_prom_text_putc(&name, '\0');
        assert_false(name.failed);
        if (strcmp(name.data, words[5]) != 0)
            fail_msg("%s:%d: %s became %s, not %s", path, number, words[3], name.data, words[5]);
        ct_prom_text_fini(&name);
        cases++;
    }
    assert_true(cases >= LEAST_CASES);
    fclose(file);
}

int main(int argc, char **argv)
{
    path = argc > 1 ? argv[1] : "naming.cases";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_what_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
