/* locale.h - there is one locale, C, in which a wide character is one of Unicode and a multibyte string is UTF-8. Its
 * other names are "", "POSIX" and "C.UTF-8". */
#ifndef _LOCALE_H
#define _LOCALE_H
#include <sys/cdefs.h>
#include <stddef.h>

#define LC_CTYPE 0
#define LC_NUMERIC 1
#define LC_TIME 2
#define LC_COLLATE 3
#define LC_MONETARY 4
#define LC_MESSAGES 5
#define LC_ALL 6

struct lconv { /* a char that is CHAR_MAX is not said */
  char *decimal_point, *thousands_sep, *grouping, *int_curr_symbol, *currency_symbol;
  char *mon_decimal_point, *mon_thousands_sep, *mon_grouping, *positive_sign, *negative_sign;
  char int_frac_digits, frac_digits, p_cs_precedes, p_sep_by_space, n_cs_precedes, n_sep_by_space;
  char p_sign_posn, n_sign_posn, int_p_cs_precedes, int_p_sep_by_space, int_n_cs_precedes, int_n_sep_by_space;
  char int_p_sign_posn, int_n_sign_posn;
};

__BEGIN_DECLS
/* The locale's name, "C", or NULL if `name` is another locale or `category` none. NULL as the name only asks. */
char *setlocale(int category, const char *name);
/* Not to be changed. */
struct lconv *localeconv(void);
__END_DECLS

#endif
