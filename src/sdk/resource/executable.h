/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_RESOURCE_EXECUTABLE_H
#define COTEL_SRC_SDK_RESOURCE_EXECUTABLE_H

#include <cotel/attribute.h>

/* A longer path counts as unknown. */
#define CT_EXECUTABLE_PATH_MAX 4096

/* Where the running program is; `path` gets no NUL. Empty when /proc does not tell. */
cotel_str ct_executable_path(char path[CT_EXECUTABLE_PATH_MAX]);

/* What is behind the last slash. */
cotel_str ct_executable_name(cotel_str path);

#endif
