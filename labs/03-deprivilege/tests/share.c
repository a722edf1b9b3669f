/* share.c - after a fork, two processes share their pages until one of them stores to a page. The kernel stores, too:
 * read() puts a byte into a page that the process has only loaded from. The kernel copies the page, and the entry
 * that the TLB has for it leads to the old one. Without the tlbi that follows, the process would see the old byte. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 3 };
static volatile char page[PAGES][PAGE] __attribute__((aligned(PAGE)));

/* Loads from each page, lets the kernel store to it, and loads again: how many pages then have the new byte? */
static int look(int from) {
  int seen = 0, new = 0;
  for (int i = 0; i < PAGES; i++) seen += page[i][0] == 'a';
  for (int i = 0; i < PAGES; i++) {
    if (read(from, (char *)page[i], 1) != 1) return -1;
    new += page[i][0] == 'b';
  }
  return seen == PAGES ? new : -1;
}

int main(void) {
  int child_pipe[2], parent_pipe[2], status;
  for (int i = 0; i < PAGES; i++) page[i][0] = 'a';
  if (pipe(child_pipe) < 0 || pipe(parent_pipe) < 0) return 1;
  if (write(child_pipe[1], "bbb", PAGES) != PAGES || write(parent_pipe[1], "bbb", PAGES) != PAGES) return 1;
  pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) _exit(look(child_pipe[0]));
  int mine = look(parent_pipe[0]);
  if (waitpid(child, &status, 0) != child) return 1;
  printf("new bytes: %d in the parent, %d in the child\n", mine, WEXITSTATUS(status));
  return 0;
}
