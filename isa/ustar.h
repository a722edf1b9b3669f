/* ustar.h - the header of a file in a tar archive of the ustar format (POSIX.1-1988, "ustar interchange
 * format").
 *
 * The initrd is such an archive. The kernel reads it in place (guestos/file.c), and trapeze finds and adds
 * files (tools/trapeze/tar.c). An archive is a sequence of files, each a header followed by its bytes; both
 * are padded with zeros to a multiple of USTAR_BLOCK bytes. Two blocks of zeros end the archive. */
#ifndef PG32_USTAR_H
#define PG32_USTAR_H

#define USTAR_BLOCK 512
#define USTAR_MAGIC "ustar" /* followed by a NUL in ustar, by a space in archives of old GNU tars */
#define USTAR_FILE '0'
#define USTAR_LINK '1' /* another name of the file that `link` names; no bytes follow */
#define USTAR_DIRECTORY '5'

/* Numbers are octal digits, ended by a NUL or a space, or by the end of the field. A field of characters that
 * is shorter than its array ends with a NUL. */
struct ustar_header {
  char name[100]; /* the path, without a slash at its beginning; of a directory, with one at its end */
  char mode[8], uid[8], gid[8];
  char size[12]; /* bytes of the file, without the padding */
  char mtime[12];
  char checksum[8]; /* the sum of the header's bytes, with these eight taken as spaces */
  char type;        /* USTAR_FILE, USTAR_DIRECTORY */
  char link[100];
  char magic[6], version[2]; /* USTAR_MAGIC, "00" */
  char user[32], group[32], major[8], minor[8];
  char prefix[155]; /* of a path too long for name: what comes before name and a slash */
  char pad[12];
};
_Static_assert(sizeof(struct ustar_header) == USTAR_BLOCK, "a header is one block");

#endif
