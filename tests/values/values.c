/* values.c - variables of every C type in every storage, for the debugger to print: values.t compares what it
 * prints with what gdb prints of the same program on the host. Values only: sizes and layouts differ between
 * the two.
 *
 * Of a type NAME, the global is g_NAME, the static s_NAME, a local of main l_NAME, a function's static
 * f_NAME, the member m_NAME.it, the element e_NAME[1]; arg_NAME has the argument a_NAME;
 * ret_NAME returns the value. */
#include <stdbool.h>
#include <stddef.h>

/* clang-format off */
enum colour { RED = -1, GREEN = 5, BLUE };
enum flags { READ = 1, WRITE = 2, EXECUTE = 4 };
typedef unsigned short half;
struct pair { int x; char y; };
struct bits { unsigned a : 3; int b : 5; unsigned long long c : 40; bool d : 1; int : 7; short e : 9; };
struct __attribute__((packed)) odd { char tag; int value; short part; double real; };
struct unnamed { int kind; union { int number; unsigned char bytes[4]; }; struct { short x, y; }; };
struct nested { struct pair first, second[2]; enum colour hue; enum flags may; bool yes; char text[8]; };
struct wide { long long a, b; double c; };
struct tiny { char c; };
union several { int i; float f; unsigned char b[4]; };
struct hidden;
typedef int (*callback)(int);
typedef int row[3];
typedef row grid[2];
typedef char text[40];
typedef unsigned char same[20];
typedef float floats[3];
typedef int many[300];
typedef struct pair pairs[2];
typedef const char *words[2];
typedef wchar_t widetext[12];

__attribute__((noinline)) int twice(int n) { return 2 * n; }

/* V: what can also be an argument; A: arrays. */
#define VALUES(V, A) \
  V(bool, bool, true) \
  V(char, char, 'x') \
  V(newline, char, '\n') \
  V(schar, signed char, -100) \
  V(uchar, unsigned char, 200) \
  V(short, short, -30000) \
  V(ushort, unsigned short, 60000) \
  V(half, half, 7) \
  V(int, int, -2000000000) \
  V(uint, unsigned, 4000000000u) \
  V(long, long, -5) \
  V(ulong, unsigned long, 3) \
  V(llong, long long, -5000000000) \
  V(ullong, unsigned long long, 18000000000000000000u) \
  V(float, float, 1.5f) \
  V(third, float, 1.0f / 3) \
  V(double, double, 3.14159265358979) \
  V(big, double, -1e300) \
  V(colour, enum colour, GREEN) \
  V(red, enum colour, RED) \
  V(nocolour, enum colour, 7) \
  V(flags, enum flags, READ | EXECUTE) \
  V(odds, enum flags, 9) \
  V(pair, struct pair, {3, 'y'}) \
  V(bits, struct bits, {5, -7, 0x123456789, true, -100}) \
  V(odd, struct odd, {'T', 0x11223344, -2, 2.5}) \
  V(unnamed, struct unnamed, {1, {77}, {-3, 4}}) \
  V(nested, struct nested, {{1, 'a'}, {{2, 'b'}, {3, 'c'}}, BLUE, WRITE, true, "text"}) \
  V(wide, struct wide, {1, -2, 0.5}) \
  V(tiny, struct tiny, {'t'}) \
  V(union, union several, {0x3fc00000}) \
  V(hidden, struct hidden *, 0) \
  V(callback, callback, twice) \
  V(string, const char *, "a \"string\"\t\001") \
  V(empty, const char *, "") \
  V(ldouble, long double, -1.25L) \
  V(complex, float _Complex, {1.5f, -2}) \
  V(dcomplex, double _Complex, {0, 1e-9}) \
  V(wchar, wchar_t, L'w') \
  V(wstring, const wchar_t *, L"wide \"string\"\n") \
  V(longer, const char *, "longer than two hundred characters: " \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" \
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz") \
  A(row, row, {1, 2, 3}) \
  A(widetext, widetext, L"wide") \
  A(grid, grid, {{1, 2, 3}, {4, 5, 6}}) \
  A(text, text, "repeats: aaaaaaaaaaaaaaaaaaaa") \
  A(same, same, {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1}) \
  A(floats, floats, {0.5f, -2, 1e10f}) \
  A(many, many, {1, 2, [250] = 3}) \
  A(pairs, pairs, {{1, 'p'}, {2, 'q'}}) \
  A(words, words, {"one", "two"})

/* clang-format on */

#define GLOBAL(name, type, ...) type g_##name = __VA_ARGS__;
#define STATIC(name, type, ...) static type s_##name = __VA_ARGS__;
#define MEMBER(name, type, ...) \
  struct {                      \
    char before;                \
    type it;                    \
  } m_##name = {'m', __VA_ARGS__};
#define ELEMENT(name, type, ...) type e_##name[3] = {[1] = __VA_ARGS__};
#define KEEP(x) __asm__ volatile("" : : "r"(&(x)) : "memory")
#define ARGUMENT(name, type, ...) \
  __attribute__((noinline)) void arg_##name(type a_##name) { KEEP(a_##name); }
#define NO_ARGUMENT(name, type, ...)
#define RETURN(name, type, ...)                       \
  __attribute__((noinline)) type ret_##name(int up) { \
    type r = __VA_ARGS__;                             \
    KEEP(r);                                          \
    return r;                                         \
  }
VALUES(GLOBAL, GLOBAL)
VALUES(STATIC, STATIC)
VALUES(MEMBER, MEMBER)
VALUES(ELEMENT, ELEMENT)
VALUES(ARGUMENT, NO_ARGUMENT)
VALUES(RETURN, NO_ARGUMENT)

__attribute__((noinline)) void here(void) { __asm__ volatile("" : : : "memory"); }

#define LOCAL(name, type, ...) \
  type l_##name = __VA_ARGS__; \
  static type f_##name = __VA_ARGS__;
#define USE(name, type, ...) \
  KEEP(l_##name);            \
  KEEP(f_##name);            \
  KEEP(g_##name);            \
  KEEP(s_##name);            \
  KEEP(m_##name);            \
  KEEP(e_##name);
#define CALL(name, type, ...) arg_##name(l_##name);
#define TAKE(name, type, ...) l_##name = ret_##name(1);

int main(void) {
  VALUES(LOCAL, LOCAL)
  VALUES(USE, USE)
  here();
  VALUES(USE, USE)
  VALUES(CALL, NO_ARGUMENT)
  VALUES(TAKE, NO_ARGUMENT)
  return 0;
}
