int helper(int n) { return n; } /* in an archive: not wanted if somebody else has helper */
int fallback_only;
