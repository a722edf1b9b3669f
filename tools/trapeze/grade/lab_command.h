/* lab_command.h - the subcommands of `trapeze lab` that have a file of their own; argv[0] is the command's
 * name. */
#ifndef LAB_COMMAND_H
#define LAB_COMMAND_H

int lab_package(int argc, char **argv); /* lab_package.c */

/* Path of a file of the instructor's edition, below share/trapeze/instructor: malloc'ed. Dies, saying what to
 * install, when the file is not there. */
char *instructors_file(const char *name);

#endif
