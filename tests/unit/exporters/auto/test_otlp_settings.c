/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation fails in its turn: the settings say so and, as AddressSanitizer sees, leave
 * nothing behind. The linker puts these in place of the C library's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exporters/auto/otlp_settings.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
char *__real_strndup(const char *text, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
char *__wrap_strndup(const char *text, size_t size);
int __wrap_asprintf(char **out, const char *format, ...);

/* How many succeed before one fails; -1: all do. */
static int succeed_first = -1;

static bool fails(void)
{
    return succeed_first >= 0 && succeed_first-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

char *__wrap_strndup(const char *text, size_t size)
{
    return fails() ? NULL : __real_strndup(text, size);
}

int __wrap_asprintf(char **out, const char *format, ...)
{
    va_list arguments;
    if (fails())
        return -1; /* what *out holds then is not said */
    va_start(arguments, format);
    int size = vasprintf(out, format, arguments);
    va_end(arguments);
    return size;
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

/* How many allocations it takes. */
static int fail_each(const struct ct_env *env)
{
    for (int i = 0;; i++) {
        struct ct_otlp_settings settings;
        succeed_first = i;
        cotel_status status = ct_otlp_settings_init(&settings, &env->traces, COTEL_SIGNAL_TRACES);
        bool has_failed = succeed_first < 0;
        succeed_first = -1;
        ct_otlp_settings_fini(&settings);
        assert_int_equal(status, has_failed ? COTEL_STATUS_OUT_OF_MEMORY : COTEL_STATUS_OK);
        if (!has_failed)
            return i;
    }
}

static void settings_without_memory_are_none(void **state)
{
    struct ct_env env;
    assert_int_equal(clearenv(), 0);
    set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector");
    set("OTEL_EXPORTER_OTLP_HEADERS", "a=b");
    set("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca");
    set("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/client");
    set("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/key");
    ct_env_read(&env);
    assert_int_equal(fail_each(&env), 6);
    set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector/own");
    ct_env_read(&env);
    assert_int_equal(fail_each(&env), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(settings_without_memory_are_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
