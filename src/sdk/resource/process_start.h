/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_RESOURCE_PROCESS_START_H
#define COTEL_SRC_SDK_RESOURCE_PROCESS_START_H

#include <stdbool.h>
#include <stdint.h>

/* As "2023-11-21T09:25:34.850Z", with the NUL and room for any year that time_t can hold. */
#define CT_PROCESS_START_SIZE 32

/* When this process was made, as any other observer on the host would work it out too: from the
 * clock ticks that /proc/self/stat has and the boot time that /proc/stat has. False when it can't
 * be told. */
bool ct_process_start(char out[CT_PROCESS_START_SIZE]);

/* What the two files say; `stat` ends with a NUL. */
bool ct_process_start_ticks(const char *stat, uint64_t *ticks);
bool ct_boot_seconds(const char *stat, uint64_t *seconds);

#endif
