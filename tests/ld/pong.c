extern int helper(int);
int pong(int n) { return n ? helper(n - 1) : 1; }
