/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/version.h>

const char *cotel_version(void)
{
    return COTEL_VERSION;
}

uint32_t cotel_version_number(void)
{
    return COTEL_VERSION_NUMBER;
}
