/* html_page.h - a page for a browser with a trace in it. */
#ifndef HTML_PAGE_H
#define HTML_PAGE_H

#include "tools/trapeze/trapeze.h"

/* Writes the page to `out`, with the trace `json` in it. second: a page that was written before, whose trace is
 * shown beside this one; NULL = none. Dies with STATUS_USAGE when a file cannot be read; errors of `out` are
 * left to ferror(). */
void html_page_write(FILE *out, struct bytes json, const char *second);
/* Dies with STATUS_USAGE unless the file is such a page. */
void html_page_check(const char *path);

#endif
