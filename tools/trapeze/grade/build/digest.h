/* digest.h - what a result is the result of: a digest of the lab's files and one of the files that were taken
 * from the submission. grade.json holds both. So `--resume` knows what must be graded again, and the summary
 * of a class does not mix results of two versions of a lab. The digests find changes, not forgeries: FNV-1a,
 * 64 bits. */
#ifndef GRADE_DIGEST_H
#define GRADE_DIGEST_H

#include "tools/trapeze/grade/lab/lab.h"

#define DIGEST_NONE UINT64_C(0xCBF29CE484222325) /* of nothing */

/* The digest of what `digest` stands for, followed by a piece of `size` bytes. */
uint64_t digest_add(uint64_t digest, const void *piece, size_t size);
/* The same with a text. */
uint64_t digest_add_text(uint64_t digest, const char *text);
/* Digests lab.yaml, all files below tests/ and starter/, what was revealed (lab_reveal), whether persons give points, and `only`, the id of the one test that was asked
 * for, or NULL. Dies as folder_names and file_read do. */
uint64_t digest_lab(const struct lab *lab, const char *only);
/* The digest of all files below a folder, and of their names; names that begin with a dot do not count. Dies as
 * folder_names and file_read do. */
uint64_t digest_folder(const char *path);
/* The digest as 16 hexadecimal digits, written into `buf`, which is returned. */
const char *digest_text(uint64_t digest, char buf[20]);

#endif
