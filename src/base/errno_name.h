/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_BASE_ERRNO_NAME_H
#define COTEL_SRC_BASE_ERRNO_NAME_H

/* Such as "ENOENT"; NULL when the number has no name. Any thread; never fails otherwise. */
const char *ct_errno_name(int errnum);

#endif
