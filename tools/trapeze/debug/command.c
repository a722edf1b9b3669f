/* command.c - how a typed line becomes a command: the table, and the search for the line's row.
 *
 * Lines come from the screen's `:`, from line mode and from scripts. The rows are in commands.def. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "debug.h"

const struct command_row command_rows[COMMANDS] = {
#define COMMAND(name, alias, key, function, direction, args, help) \
  {name, alias, key, function, direction, args, help},
#include "commands.def"
};

/* ---- names ---- */

bool command_word_among(const char *word, const char *names) {
  size_t n = strlen(word);
  for (const char *p = names; *p; p += strspn(p, " ")) {
    size_t length = strcspn(p, " ");
    if (length == n && strncmp(p, word, n) == 0) return true;
    p += length;
  }
  return false;
}

static bool is_called(const struct command_row *r, const char *word) {
  return strcmp(r->name, word) == 0 || command_word_among(word, r->alias) ||
         (*r->key && strcmp(r->key, word) == 0);
}

const struct command_row *command_named(const char *word) {
  const struct command_row *found = NULL;
  unsigned n = 0;
  for (const struct command_row *r = command_rows; r < command_rows + COMMANDS; r++)
    if (is_called(r, word)) return r;
  for (const struct command_row *r = command_rows; r < command_rows + COMMANDS; r++)
    if (strncmp(r->name, word, strlen(word)) == 0) found = r, n++;
  return n == 1 ? found : NULL;
}

const struct command_row *command_of_key(int key) {
  for (const struct command_row *r = command_rows; r < command_rows + COMMANDS; r++)
    if (r->key[0] && r->key[0] == key) return r;
  return NULL;
}

/* ---- a line ---- */

/* Copies the command's word; returns what follows it. 'a, /text and print/x need no blank between them. */
static const char *split(const char *line, char *word, size_t size) {
  line += strspn(line, " \t");
  size_t n = strchr("'/?", *line) && *line ? 1 : strcspn(line, " \t\r\n/");
  snprintf(word, size, "%.*s", (int)n, line);
  line += n;
  return line + strspn(line, " \t");
}

static void trim(char *text) {
  for (size_t n = strlen(text); n && isspace((unsigned char)text[n - 1]);) text[--n] = 0;
}

/* The answer so far becomes the last one, and a new one begins. */
static void begin_answer(struct debug *d, size_t *size) {
  free(d->last_answer);
  d->last_answer = d->answer ? d->answer : must(strdup(""));
  memcpy(d->last_said, d->said, sizeof d->last_said);
  d->answer = NULL;
  d->said[0] = 0;
  d->out = must(open_memstream(&d->answer, size));
}

static void end_answer(struct debug *d) {
  fclose(d->out);
  d->out = NULL;
}

/* The names that begin so, for a message. */
static const char *beginnings(const char *word, char *buf, size_t size) {
  size_t used = 0;
  *buf = 0;
  for (const struct command_row *r = command_rows; r < command_rows + COMMANDS && used < size; r++)
    if (strncmp(r->name, word, strlen(word)) == 0)
      used += (size_t)snprintf(buf + used, size - used, "%s%s", used ? ", " : "", r->name);
  return buf;
}

static bool no_command(struct debug *d, const char *word) {
  char names[200];
  if (*beginnings(word, names, sizeof names)) return fail(d, "'%s' may mean: %s.", word, names);
  if (gdb_word(d, NULL, word)) return false;
  return fail(d, "There is no command '%s'; `help` lists them.", word);
}

static bool too_much(struct debug *d, const struct command_row *r, const char *args) {
  const bool begins = r->run == command_rerun || r->run == command_start;
  return fail(d, "%s takes no argument: `%s`.%s", r->name, args,
              begins ? " Those of the program follow its name on the command line of `trapeze debug`." : "");
}

/* Commands share what they read: a place is read by what also reads that of `break`, and names it in its messages.
 * Then the message gets the name of the command that was typed. */
static void name_command(struct debug *d, const struct command_row *r) {
  static const char *const shared[] = {"break: ", "watch: ", "frame: "};
  for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
    if (strncmp(d->said, shared[i], strlen(shared[i])) != 0) continue;
    char *message = must(strdup(d->said + strlen(shared[i])));
    fail(d, "%s: %s", r->name, message);
    free(message);
    return;
  }
}

static bool run_row(struct debug *d, const struct command_row *r, struct call c) {
  const uint64_t before = model_position(d);
  if (!*r->args && *c.args) return too_much(d, r, c.args);
  if (!r->run(d, c)) return name_command(d, r), false;
  if (model_position(d) != before) displays_show(d);
  return true;
}

bool command_run_line(struct debug *d, const char *line) {
  char word[64];
  size_t size; /* of the answer; open_memstream writes it until the stream is closed */
  const char *text = split(line, word, sizeof word);
  if (!*word || *word == '#') return true;
  const struct command_row *r = command_named(word);
  char *args = must(strdup(text));
  trim(args);
  begin_answer(d, &size);
  d->commands++;
  model_interruptible(d, true);
  bool ok = r ? run_row(d, r, (struct call){args, text, r->direction}) : no_command(d, word);
  stops_sweep(d);
  if (!ok && model_interrupted()) fail(d, "Interrupted.");
  model_interruptible(d, false);
  end_answer(d);
  free(args);
  return ok;
}

/* ---- the commands about commands ---- */

bool command_expect(struct debug *d, struct call c) {
  if (strstr(d->last_answer, c.args) || strstr(d->last_said, c.args)) return say_nothing(d);
  return fail(d, "expected '%s' in the last answer", c.args);
}

bool command_quit(struct debug *d, struct call c) {
  (void)c;
  d->quit = true;
  return say_nothing(d);
}
