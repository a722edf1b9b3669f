extern int helper(int);
extern int missing_is_zero(void) __attribute__((weak));
extern char etext[], edata[], __bss_start[], end[], __image_end[], __executable_start[];
char *const bounds[] = {__executable_start, etext, edata, __bss_start, end, __image_end};
int words[4] = {1, 2, 3, 4};
static int counter;

int main(void) {
  if (missing_is_zero) return missing_is_zero();
  counter += words[counter & 3];
  return helper(counter);
}
