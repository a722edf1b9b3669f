/* raise.c - signals that a process sends itself. Handlers are the library's affair (handlers.c), which takes part in a
 * program only if the program sets one. */
#include <signal.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

int raise(int signal) {
  if (__handle_signal != NULL && __handle_signal(signal)) return 0;
  return kill(getpid(), signal);
}
