/* uchar.h - UTF-16 and UTF-32, from UTF-8 and to it. */
#ifndef _UCHAR_H
#define _UCHAR_H
#include <wchar.h>

#ifndef __cplusplus
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
#endif

__BEGIN_DECLS
/* The bytes used; 0 for the end of a text; -1 and EILSEQ; -2: more bytes are needed; -3: the second half of a pair. */
size_t mbrtoc16(char16_t *__restrict to, const char *__restrict s, size_t n, mbstate_t *__restrict state);
size_t mbrtoc32(char32_t *__restrict to, const char *__restrict s, size_t n, mbstate_t *__restrict state);
/* The bytes written; 0: the second half of a pair is to come; -1 and EILSEQ. */
size_t c16rtomb(char *__restrict s, char16_t c, mbstate_t *__restrict state);
size_t c32rtomb(char *__restrict s, char32_t c, mbstate_t *__restrict state);
__END_DECLS

#endif
