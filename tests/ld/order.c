volatile int last;
__attribute__((constructor)) static void without(void) { last = 1; }
__attribute__((constructor(1000))) static void late(void) { last = 2; }
__attribute__((constructor(200))) static void early(void) { last = 3; }
__attribute__((section(".text.hot.b"))) int hot_b(void) { return 1; }
__attribute__((section(".text.hot.a"))) int hot_a(void) { return 2; }
__attribute__((section(".text.cold"))) int cold(void) { return 3; }
__attribute__((section(".data.hot"))) int hot_data = 4;
int plain_data = 5;
int helper(int n) { return n; }
