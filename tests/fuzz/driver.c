/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over files, for builds without libFuzzer: driver PATH... where a folder stands
 * for the files in it. So the seeds, and whatever a fuzzer once found, are tests like all others.
 */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

enum { MAX_INPUT_SIZE = 1 << 20, MAX_PATH_SIZE = 4096 };

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return -1;
    }
    /* On the heap and of the exact size, so that a sanitizer sees a read beyond the end. */
    char *buffer = malloc(MAX_INPUT_SIZE);
    size_t size = buffer ? fread(buffer, 1, MAX_INPUT_SIZE, file) : 0;
    fclose(file);
    uint8_t *exact = buffer ? realloc(buffer, size ? size : 1) : NULL;
    if (!exact) {
        free(buffer);
        return -1;
    }
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

/* The number of files it ran, or -1. */
static int run_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) {
        perror(path);
        return -1;
    }
    int count = 0;
    for (struct dirent *entry = readdir(folder); entry && count >= 0; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        char name[MAX_PATH_SIZE];
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        count = run_file(name) < 0 ? -1 : count + 1;
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        struct stat status;
        int count = -1;
        if (stat(argv[i], &status) == 0)
            count = S_ISDIR(status.st_mode) ? run_folder(argv[i]) : run_file(argv[i]);
        if (count < 0)
            return 1;
        total += count;
    }
    printf("%d inputs\n", total);
    return total > 0 ? 0 : 1;
}
