/* dirent.h - read a directory. */
#ifndef _DIRENT_H
#define _DIRENT_H
#include <sys/cdefs.h>

struct dirent { /* as the kernel's struct pg32_dirent */
  unsigned d_size, d_mode;
  char d_name[56];
};

typedef struct __dir DIR;

DIR *opendir(const char *path);
__BEGIN_DECLS
/* The next entry, valid until the next call on the same directory, or NULL. */
struct dirent *readdir(DIR *dir);
int closedir(DIR *dir);
__END_DECLS

#endif
