/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of the cotel program. Each is a main of its own, with its name in argv[0], and
 * returns what the process exits with. */
#ifndef COTEL_TOOLS_COTEL_COMMAND_H
#define COTEL_TOOLS_COTEL_COMMAND_H

enum { CT_EXIT_OK = 0, CT_EXIT_FAILURE = 1, CT_EXIT_USAGE = 2 };

int ct_env_main(int argc, char **argv);
int ct_metrics_main(int argc, char **argv);
int ct_view_main(int argc, char **argv);

#endif
