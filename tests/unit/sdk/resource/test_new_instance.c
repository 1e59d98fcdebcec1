/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/wait.h>
#include <unistd.h>

#include "look.h"
#include "sdk/resource/instance_id.h"
#include "sdk/resource/resource.h"

static void an_instance_id_is_a_random_uuid(void **state)
{
    char one[CT_INSTANCE_ID_SIZE], other[CT_INSTANCE_ID_SIZE];
    ct_instance_id_generate(one);
    ct_instance_id_generate(other);
    assert_int_equal(strlen(one), CT_INSTANCE_ID_SIZE - 1);
    assert_string_not_equal(one, other);
    for (size_t i = 0; one[i]; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        assert_non_null(strchr(is_dash ? "-" : "0123456789abcdef", one[i]));
    }
    assert_int_equal(one[14], '4');
    assert_non_null(strchr("89ab", one[19]));
}

static void a_new_instance_has_another_id_and_all_else(void **state)
{
    cotel_resource *old = detected(COTEL_DETECT_SERVICE | COTEL_DETECT_SDK);
    cotel_resource *new = ct_resource_with_new_instance(old);
    cotel_str old_id = text_of(old, "service.instance.id");
    cotel_str new_id = text_of(new, "service.instance.id");
    assert_int_equal(new_id.size, old_id.size);
    assert_memory_not_equal(new_id.data, old_id.data, old_id.size);
    assert_int_equal(count_of(new), count_of(old));
    assert_text(new, "telemetry.sdk.name", "cotel");
    assert_int_equal(cotel_resource_schema_url(new).size, cotel_resource_schema_url(old).size);
    cotel_resource_unref(old);
    cotel_resource_unref(new);
}

static void a_child_reports_its_own_process_id(void **state)
{
    cotel_resource *old = detected(COTEL_DETECT_PROCESS);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        cotel_resource *new = ct_resource_with_new_instance(old);
        cotel_value pid;
        bool is_right = cotel_resource_get(new, cotel_str_of("process.pid"), &pid) &&
                        pid.as.integer == getpid();
        _exit(is_right ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    cotel_resource_unref(old);
}

static void the_entities_are_still_there_under_their_new_ids(void **state)
{
    cotel_resource *old = detected(COTEL_DETECT_ALL), *new = ct_resource_with_new_instance(old);
    size_t old_count, new_count;
    const cotel_entity *from = cotel_resource_entities(old, &old_count);
    const cotel_entity *to = cotel_resource_entities(new, &new_count);
    assert_int_equal(new_count, old_count);
    for (size_t i = 0; i < new_count; i++) {
        assert_memory_equal(to[i].type.data, from[i].type.data, from[i].type.size);
        assert_int_equal(to[i].id_count, from[i].id_count);
        assert_int_equal(to[i].description_count, from[i].description_count);
        assert_memory_equal(to[i].id[0].key.data, from[i].id[0].key.data, from[i].id[0].key.size);
        if (to[i].type.size == strlen("service.instance"))
            assert_ptr_equal(to[i].id[0].value.as.string.data,
                             text_of(new, "service.instance.id").data);
    }
    assert_memory_not_equal(text_of(new, "service.instance.id").data,
                            text_of(old, "service.instance.id").data, 36);
    cotel_resource_unref(old);
    cotel_resource_unref(new);
}

static void a_resource_without_an_instance_gets_none(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("service.name", "x");
    cotel_resource *old = a_resource(&attribute, 1, NULL);
    cotel_resource *new = ct_resource_with_new_instance(old);
    assert_ptr_equal(new, old);
    cotel_resource_unref(old);
    cotel_resource_unref(new);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instance_id_is_a_random_uuid),
        cmocka_unit_test(a_new_instance_has_another_id_and_all_else),
        cmocka_unit_test(a_child_reports_its_own_process_id),
        cmocka_unit_test(the_entities_are_still_there_under_their_new_ids),
        cmocka_unit_test(a_resource_without_an_instance_gets_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
