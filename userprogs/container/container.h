/* container.h - the program `container`: what its files offer to each other.
 *
 * The kernel knows containers, and files that lie within another file (keep_file). What an image is, this program alone
 * knows: a list of layers, which are ustar archives, the lowest first. They and the containers' folders are files:
 *
 *   /containers/images/NAME   a line `layer PATH DIGEST` for each layer, and perhaps `command WORD...`
 *   /containers/layers/NAME   archives, by the first half of their digest
 *   /containers/steps/KEY     which layer a step of a build has led to: the cache
 *   /containers/run/NAME/     root/ is what / means inside; log: the output of a container that is detached
 *
 * The image `base`, which is always there, has one layer: /boot/initrd. */
#ifndef CONTAINER_H
#define CONTAINER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "isa/ustar.h"
#include "pg32.h"

#define IMAGES "/containers/images"
#define LAYERS "/containers/layers"
#define STEPS "/containers/steps"
#define RUN "/containers/run"
#define INITRD "/boot/initrd"

enum { PATH_BYTES = 256, DIGEST = 64, LAYERS_MOST = 32, WORDS_MOST = 32, NAME_LENGTH = 15 };

/* ---- main.c ---- */
_Noreturn void die(const char *what); /* "container: what: why" of errno; ends with status 1 */
_Noreturn void refuse(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));
_Noreturn void refuse_words(const char *format,
                            ...) /* the words after `container` are wrong: ends with status 2 */
    __attribute__((__format__(__printf__, 1, 2)));
_Noreturn void usage(void); /* there are too few or too many words: says what the command takes; status 2 */
void *must(void *memory);   /* not NULL, or the program ends */
void path_in(char to[PATH_BYTES], const char *folder, const char *name); /* folder/name */
bool is_name(const char *s); /* may an image or a container be called so? */
void make_folders(void);     /* those above */

/* ---- sha256.c ---- */
struct sha256 {
  uint32_t state[8];
  uint64_t bytes;
  uint8_t block[64];
};
void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *bytes, size_t n);
void sha256_end(struct sha256 *h, char digest[DIGEST + 1]); /* as hexadecimal digits */
void sha256_file(struct sha256 *h, const char *path);       /* adds all its bytes */

/* ---- archive.c: layers ---- */
/* Calls `act` for each file of the archive; its bytes are at offset `at`. */
void archive_each(const char *archive,
                  void (*act)(const struct ustar_header *h, const char *path, uint32_t at, void *arg),
                  void *arg);
uint32_t archive_size(const struct ustar_header *h);
struct writer;
struct writer *archive_new(const char *archive);
void archive_folder(struct writer *w, const char *path);
void archive_file(struct writer *w, const char *path,
                  const char *from); /* a second name of a file becomes a link */
void archive_whiteout(struct writer *w, const char *path);
void archive_end(struct writer *w);

/* ---- tree.c: folders ---- */
/* Lays the archive over what is in the working directory. */
void tree_lay(const char *archive, bool lowest);
/* What every container has beside its image: tmp, the initrd, and dev, with that file as its console. */
void tree_devices(const char *console);
void tree_remove(const char *path); /* with all that is in it; no complaint if it is not there */
/* Writes what makes the folder `below` look like the folder `tree`. `since`: files that were changed later are compared. */
void tree_difference(const char *tree, const char *below, uint64_t since, struct writer *w);

/* ---- image.c ---- */
struct image {
  char *layer[LAYERS_MOST], *digest[LAYERS_MOST];
  size_t layers;
  char *command[WORDS_MOST + 1]; /* ended by NULL; no word: none is given */
};
void image_read(struct image *i, const char *name);
void image_write(const struct image *i, const char *name);
void image_add(struct image *i, const char *layer, const char *digest);
void image_lay(const struct image *i, const char *root, const char *console); /* makes root, and fills it */
int images_main(int argc, char **argv);
void image_remove(const char *name);

/* ---- run.c ---- */
struct settings {
  struct pg32_container limits;
  char name[NAME_LENGTH + 1];
  bool detached, keep;
};
/* Runs a program in a container of that image, whose folder is made, and goes at the end. Returns its exit status, as a shell tells it. */
int run_image(struct settings *s, const struct image *i, char **words);
void run_folder(struct settings *s,
                const struct image *i); /* makes the folder alone, which goes when the program ends */
void run_keep_folder(void);             /* no: it stays */
int run_in_folder(struct settings *s, char **words);
int run_main(int argc, char **argv);
int exec_main(int argc, char **argv);
int ps_main(int argc, char **argv);
int kill_main(int argc, char **argv);
int log_main(int argc, char **argv);
int rm_main(int argc, char **argv);

/* ---- build.c ---- */
int build_main(int argc, char **argv);

#endif
