/* trace.c - trapeze trace */
#include "trapeze.h"
int command_trace(int argc, char **argv)
{
  (void)argc, (void)argv;
  die(STATUS_USAGE, "trace: not there yet");
}
