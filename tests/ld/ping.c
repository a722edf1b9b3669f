extern int pong(int);
int helper(int n) { return n ? pong(n - 1) : 0; }
