extern int nowhere(int);
int helper(int n) { return nowhere(n) + 1; }
