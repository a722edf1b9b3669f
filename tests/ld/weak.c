__attribute__((weak)) int helper(int n) { return -n; }
