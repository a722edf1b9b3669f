/* ctype.h - classes of ASCII characters. An argument is EOF or fits an unsigned char. */
#ifndef _CTYPE_H
#define _CTYPE_H
#include <sys/cdefs.h>

__BEGIN_DECLS
int isalnum(int c);
int isalpha(int c);
#if __SHOW_POSIX
int isascii(int c);
int toascii(int c);
#endif
#if __SHOW_C99
int isblank(int c);
#endif
int iscntrl(int c);
int isdigit(int c);
int isgraph(int c);
int islower(int c);
int isprint(int c);
int ispunct(int c);
int isspace(int c);
int isupper(int c);
int isxdigit(int c);
int tolower(int c);
int toupper(int c);
__END_DECLS

#endif
