# stdio.t - what streams and times do that no host can be asked: errors of writing, streams that are read and written,
# reading no further than needed, long sleeps.
. tests/tap.sh
bin=$PWD/$BUILD/bin
cd "$tmp" || exit 1
# runs NAME: compiles standard input as NAME, and runs it: what it prints goes to `got`
runs() {
  { echo '#include <stdio.h>'; echo '#include <string.h>'; echo '#include <time.h>'; echo '#include <unistd.h>'; cat; } >p.c
  check "$1 compiles" "$bin/pg32-cc" -O1 -w -o p p.c
  shift
  timeout 100 "$bin/trapeze" run -d0 "$@" ./p </dev/null >got 2>&1
}

runs "a program whose output is lost" <<'END'
static char big[3000];
int main(void) {
  memset(big, 'b', sizeof big - 1);
  FILE *f = fopen("/dev/console", "w");
  close(fileno(f));
  int fits = fputs("fits", f);
  printf("%d %d\n", fits >= 0, ferror(f) != 0);
  printf("%d %d\n", fwrite(big, 1, 2999, f) < 2999, ferror(f) != 0);
  printf("%d %d %d\n", fprintf(f, "%s", big) < 0, fputs(big, f), fflush(f) || 1);
  fputc('x', f);
  printf("%d\n", fclose(f));
  close(1);
  fprintf(stderr, "%d %d\n", puts("lost"), printf("lost\n") < 0);
  return 0;
}
END
is "learns of it" "1 0|1 1|1 -1 1|-1|-1 1" "$(tr '\n' '|' <got | sed 's/|$//')"

head -c 4096 /dev/zero | tr '\0' D >disk
runs "a stream opened r+" --disk disk <<'END'
int main(void) {
  static char s[513], t[512];
  FILE *f = fopen("/dev/disk", "r+");
  printf("%zu %c\n", fread(s, 1, 512, f), s[511]);
  memset(t, 'W', 512);
  printf("%ld ", ftell(f)), printf("%zu ", fwrite(t, 1, 512, f)), printf("%ld\n", ftell(f));
  printf("%d ", fflush(f)), printf("%zu ", fread(s, 1, 512, f)), printf("%c %ld\n", s[0], ftell(f));
  printf("%d ", fseek(f, 512, SEEK_SET)), printf("%zu ", fread(s, 1, 3, f)), printf("%c %ld\n", s[2], ftell(f));
  printf("%d ", ungetc('3', f)), printf("%d ", ungetc('2', f)), printf("%d ", ungetc('1', f));
  for (int i = 0; i < 3; i++) putchar(fgetc(f));
  putchar('\n');
  printf("%ld %d\n", ftell(f), fclose(f));
  return 0;
}
END
printf '512 D\n512 512 1024\n0 512 D 1536\n0 3 W 515\n51 50 49 123\n515 0\n' >want
same "is read and written in turn" want got

runs "a long sleep" <<'END'
int main(void) {
  time_t a = time(NULL);
  usleep(100000000);
  printf("%ld %d\n", (long)(time(NULL) - a), clock() > 99000000);
  usleep(4000000000u);
  printf("%ld %ld\n", (long)(time(NULL) - a), (long)clock());
  printf("%u %ld\n", sleep(200000), (long)(time(NULL) - a));
  return 0;
}
END
is "lasts as long as it is to, and clock() says when it cannot" "100 1|4100 -1|0 204100" "$(tr '\n' '|' <got | sed 's/|$//')"

cat >r.c <<'END'
#include <stdio.h>
int main(int argc, char **argv) {
  int a;
  char c;
  if (argc > 1) return printf("%d %d\n", scanf("%c", &c), feof(stdin) != 0) < 0;
  printf("got %d\n", scanf("%d%c", &a, &c));
  getchar();
  return 0;
}
END
check "a program that scans compiles" "$bin/pg32-cc" -O1 -o r r.c
printf 'goto end\ntype 5\\n\ngoto end\ninfo console\n' | "$bin/trapeze" debug --line -d0 ./r >got 2>&1
is "scanf(\"%d%c\") is content with one line" 1 "$(grep -c '^got 2' got)"
is "and scanf(\"%c\") with one character" "1 0" "$(printf Q | "$bin/trapeze" run -d0 ./r x)"
done_testing
