/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_TESTS_CONSUMER_PLUGIN_H
#define COTEL_TESTS_CONSUMER_PLUGIN_H

/* Makes one span, a child of the current one. */
void plugin_work(void);

#endif
