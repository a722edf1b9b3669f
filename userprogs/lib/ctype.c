/* ctype.c - classes of ASCII characters. */
#include <ctype.h>

static int between(int c, int low, int high) { return c >= low && c <= high; }

int isascii(int c) { return between(c, 0, 127); }
int toascii(int c) { return c & 127; }
int isblank(int c) { return c == ' ' || c == '\t'; }
int iscntrl(int c) { return between(c, 0, 31) || c == 127; }
int isdigit(int c) { return between(c, '0', '9'); }
int isgraph(int c) { return between(c, 33, 126); }
int islower(int c) { return between(c, 'a', 'z'); }
int isprint(int c) { return between(c, 32, 126); }
int isspace(int c) { return c == ' ' || between(c, '\t', '\r'); }
int isupper(int c) { return between(c, 'A', 'Z'); }

int isalpha(int c) { return islower(c) || isupper(c); }
int isalnum(int c) { return isalpha(c) || isdigit(c); }
int ispunct(int c) { return isgraph(c) && !isalnum(c); }
int isxdigit(int c) { return isdigit(c) || between(c, 'a', 'f') || between(c, 'A', 'F'); }

int tolower(int c) { return isupper(c) ? c - 'A' + 'a' : c; }
int toupper(int c) { return islower(c) ? c - 'a' + 'A' : c; }
