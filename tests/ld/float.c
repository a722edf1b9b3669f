double scale = 2;
int helper(int n) { return (int)(scale * n); }
