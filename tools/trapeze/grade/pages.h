/* pages.h - for each failed test of a result a page that plays, in a browser, the events around what went wrong. */
#ifndef PAGES_H
#define PAGES_H

#include "grade.h"

/* Makes the pages of `r`, the result of `g`, in the folder, which is made if there is none: `trace-TEST.html`, as
 * `trapeze trace -f html` writes it, and sets `page` of each test that has one. Only of tests whose feedback names an
 * event, that is, of none that is hidden. A page that cannot be made is left out, and stderr says why. */
void pages_write(const struct grading *g, const char *folder, struct result *r);

#endif
