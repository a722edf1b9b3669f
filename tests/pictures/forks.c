/* forks.c N - makes N processes, one after the other; each ends at a `break` of its own. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  for (int i = argc > 1 ? atoi(argv[1]) : 1; i > 0; i--) {
    const int pid = fork();
    if (pid == 0) __asm__ volatile("break");
    if (pid < 0 || waitpid(pid, NULL, 0) != pid) return 1;
  }
  return 0;
}
