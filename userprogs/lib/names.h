/* names.h - a program may have functions of its own by the names of the library's: a `read` or a `malloc`, for
 * example. So every name of the library that the standard does not reserve is a weak symbol, and the library
 * itself calls its functions by reserved names: in the sources here `read` stands for the symbol __libc_read.
 *
 * The Makefile includes this file at the head of every source of libc.a. weak.awk gives each function of this
 * list its public, weak name beside the reserved one. tests/own.t finds a function that is missing here. */
#pragma redefine_extname _exit __libc__exit
#pragma redefine_extname abort __libc_abort
#pragma redefine_extname aligned_alloc __libc_aligned_alloc
#pragma redefine_extname clock_ticks __libc_clock_ticks
#pragma redefine_extname close __libc_close
#pragma redefine_extname execv __libc_execv
#pragma redefine_extname exit __libc_exit
#pragma redefine_extname fflush __libc_fflush
#pragma redefine_extname fgetc __libc_fgetc
#pragma redefine_extname fork __libc_fork
#pragma redefine_extname fprintf __libc_fprintf
#pragma redefine_extname fputc __libc_fputc
#pragma redefine_extname free __libc_free
#pragma redefine_extname fstat __libc_fstat
#pragma redefine_extname getpid __libc_getpid
#pragma redefine_extname isalpha __libc_isalpha
#pragma redefine_extname isspace __libc_isspace
#pragma redefine_extname kill __libc_kill
#pragma redefine_extname lseek __libc_lseek
#pragma redefine_extname malloc __libc_malloc
#pragma redefine_extname memchr __libc_memchr
#pragma redefine_extname memrchr __libc_memrchr
#pragma redefine_extname open __libc_open
#pragma redefine_extname printf __libc_printf
#pragma redefine_extname putchar __libc_putchar
#pragma redefine_extname puts __libc_puts
#pragma redefine_extname raise __libc_raise
#pragma redefine_extname read __libc_read
#pragma redefine_extname realloc __libc_realloc
#pragma redefine_extname sbrk __libc_sbrk
#pragma redefine_extname sleep_ticks __libc_sleep_ticks
#pragma redefine_extname snprintf __libc_snprintf
#pragma redefine_extname strchr __libc_strchr
#pragma redefine_extname strcmp __libc_strcmp
#pragma redefine_extname strcspn __libc_strcspn
#pragma redefine_extname strerror __libc_strerror
#pragma redefine_extname strlen __libc_strlen
#pragma redefine_extname strnlen __libc_strnlen
#pragma redefine_extname strrchr __libc_strrchr
#pragma redefine_extname strspn __libc_strspn
#pragma redefine_extname strtoull __libc_strtoull
#pragma redefine_extname sysinfo __libc_sysinfo
#pragma redefine_extname tolower __libc_tolower
#pragma redefine_extname ungetc __libc_ungetc
#pragma redefine_extname vfprintf __libc_vfprintf
#pragma redefine_extname vfscanf __libc_vfscanf
#pragma redefine_extname vsscanf __libc_vsscanf
#pragma redefine_extname vsnprintf __libc_vsnprintf
#pragma redefine_extname vsprintf __libc_vsprintf
#pragma redefine_extname vasprintf __libc_vasprintf
#pragma redefine_extname vprintf __libc_vprintf
#pragma redefine_extname waitpid __libc_waitpid
#pragma redefine_extname write __libc_write
