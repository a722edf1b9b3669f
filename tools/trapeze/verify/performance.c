#include "verify.h"
int verify_performance(int argc, char **argv) {
  (void)argc, (void)argv;
  return 125;
}
