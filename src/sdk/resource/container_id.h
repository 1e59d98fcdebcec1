/* SPDX-License-Identifier: Apache-2.0 */
/* Which container a process is in, from what the kernel shows of it.
 *
 * The path of its control group ends in the id, in the shape that the runtime gave it; but with
 * cgroup v2 the process usually sees its own group as "/". What is left then is where the files
 * come from that the runtime has mounted over /etc/hostname and its like. */
#ifndef COTEL_SRC_SDK_RESOURCE_CONTAINER_ID_H
#define COTEL_SRC_SDK_RESOURCE_CONTAINER_ID_H

#include <cotel/attribute.h>

/* Each finds an id in the text of a file of /proc/self, and answers with a piece of the text; empty
 * when there is none. */
cotel_str ct_container_id_of_cgroup(cotel_str text);
cotel_str ct_container_id_of_mountinfo(cotel_str text);

/* 64 digits, or what Fargate has, and the NUL. */
#define CT_CONTAINER_ID_SIZE 128

/* From the files `cgroup` and `mountinfo` in that folder: /proc/self, but for tests. False: not in
 * a container, or in one that can't be told. */
bool ct_container_id(const char *folder, char out[CT_CONTAINER_ID_SIZE]);

#endif
