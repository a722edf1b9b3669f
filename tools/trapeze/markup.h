/* markup.h - text in XML (JUnit, SVG) and in Mermaid, written so that the reader takes it as text and as
 * nothing else. Every file that writes one of these formats goes through here.
 *
 * Errors of the stream are left to ferror(). The functions die with STATUS_USAGE when memory is short. */
#ifndef MARKUP_H
#define MARKUP_H

#include <stdio.h>

/* Writes `text` as XML character data: markup characters escaped, what XML cannot hold replaced as by
 * text_clean(). NULL counts as "". XML 1.0, section 2.4. */
void xml_text(FILE *f, const char *text);
/* Writes ` name="text"`, with the space before it; newlines and tabs in `text` become spaces. */
void xml_attribute(FILE *f, const char *name, const char *text);

/* Writes `name` for the description of a Mermaid participant. In Mermaid `;` ends a statement and `#` begins
 * a character code, for example `#59;` for a semicolon (Mermaid's documentation, "Sequence diagrams", "Entity
 * codes to escape characters"). So a name of letters, digits and harmless signs is written as it is, and any
 * other name wholly in character codes. */
void mermaid_name(FILE *f, const char *name);

#endif
