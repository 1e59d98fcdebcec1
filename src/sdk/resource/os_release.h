/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_RESOURCE_OS_RELEASE_H
#define COTEL_SRC_SDK_RESOURCE_OS_RELEASE_H

#include <cotel/attribute.h>

/* The value that `name` has in the text of an os-release file, without its quotes; it is changed
 * in place, and points into the text. Empty when it is not there. */
cotel_str ct_os_release_get(char *text, size_t size, const char *name);

#endif
