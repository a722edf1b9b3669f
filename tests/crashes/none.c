/* Does not die. */
int main(void) { return 139; }
