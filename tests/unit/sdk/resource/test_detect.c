/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/version.h>

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "look.h"

static int without_environment(void **state)
{
    return unsetenv("OTEL_RESOURCE_ATTRIBUTES") | unsetenv("OTEL_SERVICE_NAME") |
           unsetenv("OTEL_ENTITIES");
}

static void the_sdk_names_itself(void **state)
{
    cotel_resource *resource = detected(COTEL_DETECT_SDK);
    assert_int_equal(count_of(resource), 3);
    assert_text(resource, "telemetry.sdk.name", "cotel");
    assert_text(resource, "telemetry.sdk.language", "c");
    assert_text(resource, "telemetry.sdk.version", COTEL_VERSION);
    cotel_resource_unref(resource);
}

static void an_unnamed_service_is_called_after_its_executable(void **state)
{
    char expected[256];
    (void)snprintf(expected, sizeof expected, "unknown_service:%s", program_invocation_short_name);
    cotel_resource *resource = detected(COTEL_DETECT_SERVICE);
    assert_text(resource, "service.name", expected);
    assert_int_equal(text_of(resource, "service.instance.id").size, 36);
    cotel_resource_unref(resource);
}

static void each_detection_is_another_instance(void **state)
{
    cotel_resource *one = detected(COTEL_DETECT_SERVICE), *other = detected(COTEL_DETECT_SERVICE);
    assert_memory_not_equal(text_of(one, "service.instance.id").data,
                            text_of(other, "service.instance.id").data, 36);
    cotel_resource_unref(one);
    cotel_resource_unref(other);
}

static void the_process_is_the_one_that_proc_shows(void **state)
{
    char path[4096];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    assert_true(size > 0);
    path[size] = '\0';
    cotel_resource *resource = detected(COTEL_DETECT_PROCESS);
    assert_int_equal(value_of(resource, "process.pid").as.integer, getpid());
    assert_text(resource, "process.executable.path", path);
    assert_text(resource, "process.executable.name", strrchr(path, '/') + 1);
    assert_false(has(resource, "process.command_args"));
    cotel_resource_unref(resource);
}

static void the_owner_is_who_the_password_file_says(void **state)
{
    cotel_resource *resource = detected(COTEL_DETECT_PROCESS);
    const struct passwd *entry = getpwuid(geteuid());
    if (!entry)
        assert_false(has(resource, "process.owner"));
    else if (has(resource, "process.owner"))
        assert_text(resource, "process.owner", entry->pw_name);
    cotel_resource_unref(resource);
}

static void the_host_is_the_one_that_the_kernel_names(void **state)
{
    struct utsname system;
    assert_int_equal(uname(&system), 0);
    cotel_resource *resource = detected(COTEL_DETECT_HOST);
    assert_text(resource, "host.name", system.nodename);
    assert_text(resource, "os.type", "linux");
    assert_text(resource, "os.version", system.release);
#if defined(__x86_64__)
    assert_text(resource, "host.arch", "amd64");
#elif defined(__aarch64__)
    assert_text(resource, "host.arch", "arm64");
#endif
    cotel_resource_unref(resource);
}

static void the_host_id_is_the_machine_id(void **state)
{
    char id[256] = "";
    FILE *file = fopen("/etc/machine-id", "r");
    if (file) {
        (void)(fgets(id, sizeof id, file) != NULL);
        (void)fclose(file);
        id[strcspn(id, "\n")] = '\0';
    }
    cotel_resource *resource = detected(COTEL_DETECT_HOST);
    if (*id)
        assert_text(resource, "host.id", id);
    else
        assert_false(has(resource, "host.id"));
    cotel_resource_unref(resource);
}

static void the_command_line_is_told_on_request_only(void **state)
{
    cotel_resource *all = detected(COTEL_DETECT_ALL);
    assert_false(has(all, "process.command_args"));
    cotel_resource_unref(all);
    cotel_resource *resource = detected(COTEL_DETECT_COMMAND);
    cotel_value arguments = value_of(resource, "process.command_args");
    assert_int_equal(arguments.type, COTEL_VALUE_STRING_ARRAY);
    assert_int_equal(arguments.as.strings.count, 1);
    assert_memory_equal(arguments.as.strings.items[0].data, program_invocation_name,
                        strlen(program_invocation_name));
    cotel_resource_unref(resource);
}

static void everything_together_has_each_key_once(void **state)
{
    cotel_resource *resource = detected(COTEL_DETECT_ALL);
    size_t count;
    const cotel_attribute *items = cotel_resource_attributes(resource, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++)
            assert_false(items[i].key.size == items[j].key.size &&
                         memcmp(items[i].key.data, items[j].key.data, items[i].key.size) == 0);
    }
    assert_true(count >= 11);
    cotel_resource_unref(resource);
}

static void the_names_of_the_conventions_come_with_their_schema(void **state)
{
    cotel_resource *ours = detected(COTEL_DETECT_SDK), *none = detected(0),
                   *environment = detected(COTEL_DETECT_ENVIRONMENT);
    assert_memory_equal(cotel_resource_schema_url(ours).data, "https://opentelemetry.io/schemas/",
                        strlen("https://opentelemetry.io/schemas/"));
    assert_int_equal(cotel_resource_schema_url(none).size, 0);
    assert_int_equal(cotel_resource_schema_url(environment).size, 0);
    cotel_resource_unref(ours);
    cotel_resource_unref(none);
    cotel_resource_unref(environment);
}

static void bad_arguments_are_refused(void **state)
{
    cotel_resource *untouched = NULL;
    assert_int_equal(cotel_resource_detect(0x80, &untouched), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_detect(COTEL_DETECT_ALL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(untouched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sdk_names_itself),
        cmocka_unit_test(an_unnamed_service_is_called_after_its_executable),
        cmocka_unit_test(each_detection_is_another_instance),
        cmocka_unit_test(the_process_is_the_one_that_proc_shows),
        cmocka_unit_test(the_owner_is_who_the_password_file_says),
        cmocka_unit_test(the_host_is_the_one_that_the_kernel_names),
        cmocka_unit_test(the_host_id_is_the_machine_id),
        cmocka_unit_test(the_command_line_is_told_on_request_only),
        cmocka_unit_test(everything_together_has_each_key_once),
        cmocka_unit_test(the_names_of_the_conventions_come_with_their_schema),
        cmocka_unit_test(bad_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, without_environment, NULL);
}
