/* SPDX-License-Identifier: Apache-2.0 */
/* The folder given has one for each shape that runtimes give these files, as /proc/self would show
 * them, with the expected id; an empty one: not in a container, or none that can be told. */
#include <dirent.h>
#include <stdio.h>

#include "look.h"
#include "sdk/resource/container_id.h"

#define FEWEST_SHAPES 30

static const char *shapes;

static void read_expected(const char *folder, char id[CT_CONTAINER_ID_SIZE])
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s/id", folder);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("there is no %s", path);
    *id = '\0';
    (void)(fgets(id, CT_CONTAINER_ID_SIZE, file) != NULL);
    id[strcspn(id, "\n")] = '\0';
    (void)fclose(file);
}

static void check_shape(const char *name)
{
    char folder[512], expected[CT_CONTAINER_ID_SIZE], found[CT_CONTAINER_ID_SIZE] = "";
    (void)snprintf(folder, sizeof folder, "%s/%s", shapes, name);
    read_expected(folder, expected);
    bool is_in_one = ct_container_id(folder, found);
    if (is_in_one != (*expected != '\0') || strcmp(found, expected) != 0)
        fail_msg("%s: \"%s\" instead of \"%s\"", name, found, expected);
}

static void every_known_shape_is_read(void **state)
{
    size_t count = 0;
    DIR *folders = opendir(shapes);
    assert_non_null(folders);
    for (const struct dirent *entry; (entry = readdir(folders)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        check_shape(entry->d_name);
        count++;
    }
    (void)closedir(folders);
    assert_true(count >= FEWEST_SHAPES);
}

static void a_folder_that_is_not_there_is_no_container(void **state)
{
    char id[CT_CONTAINER_ID_SIZE];
    assert_false(ct_container_id("/nowhere/at/all", id));
}

static void an_empty_text_is_no_container(void **state)
{
    assert_int_equal(ct_container_id_of_cgroup(cotel_str_n(NULL, 0)).size, 0);
    assert_int_equal(ct_container_id_of_mountinfo(cotel_str_n(NULL, 0)).size, 0);
}

static void the_last_line_need_not_end(void **state)
{
    const char *text =
        "0::/docker/3f1c9a7be0d24586a1b7c4e95d6f80213f1c9a7be0d24586a1b7c4e95d6f8021";
    assert_int_equal(ct_container_id_of_cgroup(cotel_str_of(text)).size, 64);
    assert_int_equal(ct_container_id_of_cgroup(cotel_str_n(text, strlen(text) - 1)).size, 0);
}

static void the_detector_says_what_the_files_of_this_process_say(void **state)
{
    char id[CT_CONTAINER_ID_SIZE];
    bool is_in_one = ct_container_id("/proc/self", id);
    cotel_resource *resource = detected(COTEL_DETECT_CONTAINER);
    assert_int_equal(count_of(resource), is_in_one ? 1 : 0);
    if (is_in_one)
        assert_text(resource, "container.id", id);
    else
        assert_int_equal(cotel_resource_schema_url(resource).size, 0);
    cotel_resource_unref(resource);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_shape_is_read),
        cmocka_unit_test(a_folder_that_is_not_there_is_no_container),
        cmocka_unit_test(an_empty_text_is_no_container),
        cmocka_unit_test(the_last_line_need_not_end),
        cmocka_unit_test(the_detector_says_what_the_files_of_this_process_say),
    };
    if (argc != 2)
        return 2;
    shapes = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
