extern int words[];
int helper(int n) { return words[0] + n; }
