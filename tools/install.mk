# install.mk - the files that an installed Trapeze has, and where they go. Included by the Makefile.
#
# $(BUILD)/share is laid out as $(PREFIX)/share will be, so that programs find the same files beside them in both. It
# has two editions of the labs: the students' in trapeze/labs, and in trapeze/instructor what `make install-instructor`
# adds: the labs with their solutions and hidden tests, and what `trapeze lab package` packs.
.PHONY: install install-instructor uninstall deb stage

PREFIX  ?= /usr/local
VERSION := $(shell sed -n 's/^\#define TRAPEZE_VERSION "\(.*\)"/\1/p' tools/version.h)

# ---- the labs, and what `trapeze lab package` packs ----
# source.tar.gz holds what `make install` needs, and not the labs: with it a grading service builds the very same
# Trapeze.
SOURCE_DIRS := isa machine guestos vmm userprogs tools
INSTRUCTOR  := $(SHARE)/instructor
LAB_FILES   := $(shell find labs -type f 2>/dev/null)
share: $(addprefix $(INSTRUCTOR)/,package source.tar.gz student-lab) $(if $(LAB_FILES),$(SHARE)/labs $(INSTRUCTOR)/labs)

$(INSTRUCTOR)/labs: $(LAB_FILES)
	@rm -rf $@ && mkdir -p $@
	@cp -R $(patsubst %/lab.yaml,%,$(wildcard labs/*/lab.yaml)) $@/ && touch $@
$(SHARE)/labs: $(LAB_FILES) tools/student-lab
	@rm -rf $@ && mkdir -p $@
	@for lab in $(patsubst %/lab.yaml,%,$(wildcard labs/[0-9]*/lab.yaml)); do tools/student-lab $$lab $@/$${lab##*/} || exit 1; done
	@touch $@
$(INSTRUCTOR)/student-lab: tools/student-lab
	@mkdir -p $(@D) && cp $< $@
$(INSTRUCTOR)/package: $(shell find tools/package -type f)
	@rm -rf $@ && mkdir -p $@
	@cp -R tools/package/autolab tools/package/gradescope $@/ && touch $@
$(INSTRUCTOR)/source.tar.gz: Makefile $(shell find $(SOURCE_DIRS) -type f)
	@mkdir -p $(@D)
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=u=rwX,go=rX --exclude='.*' --exclude='*~' \
	  -cf - Makefile $(SOURCE_DIRS) | gzip -n9 > $@

# ---- documents, in the folders that they have here, so that they find one another ----
DOC       := $(BUILD)/share/doc/trapeze
DOCUMENTS := $(wildcard isa/MANUAL.md userprogs/LIBRARY.md tools/*.md vmm/PROPERTIES.md labs/*.md tests/schemas/*.json)
share: $(addprefix $(DOC)/,$(DOCUMENTS) example/embed.c)
$(DOC)/example/%: tools/example/%
	@mkdir -p $(@D) && cp $< $@
$(DOC)/%: %
	@mkdir -p $(@D) && cp $< $@

# ---- man pages and completion, from --help; colours for editors, from isa/pg32.def ----
COMMANDS  := $(shell sed -n 's/^    {"\([a-z-]*\)", command_.*/\1/p' tools/trapeze/main.c)
INSTALLED := $(filter-out %/pg32-manual,$(TOOLS))
MAN       := $(BUILD)/share/man/man1
EDITORS   := $(addprefix $(BUILD)/share/,vim/vimfiles/syntax/pg32.vim vim/vimfiles/ftdetect/pg32.vim \
             $(addprefix trapeze/vscode/pg32/,pg32.tmLanguage.json package.json language-configuration.json))
COMPLETE  := $(BUILD)/share/bash-completion/completions
share: $(patsubst $(BUILD)/bin/%,$(MAN)/%.1,$(INSTALLED)) $(COMMANDS:%=$(MAN)/trapeze-%.1) $(COMPLETE)/trapeze $(EDITORS)

# pages say @PREFIX@ for the prefix
# ---- the page that plays a trace: style and scripts put into page.html, in place of the lines that name them ----
PAGE       := tools/trapeze/trace/page
PAGE_JS    := $(addprefix $(PAGE)/,model.js diagram.js panels.js player.js)
share: $(SHARE)/trace.html
$(SHARE)/trace.html: $(PAGE)/page.html $(PAGE)/page.css $(PAGE_JS)
	@mkdir -p $(@D)
	sed -e '/^@STYLE@$$/{r $(PAGE)/page.css' -e 'd}' -e '/^@SCRIPT@$$/{' $(foreach f,$(PAGE_JS),-e 'r $f') -e 'd}' $< >$@

RUN_MAN = mkdir -p $(@D) && SHARE=$(abspath $(BUILD))/share tools/man
$(MAN)/trapeze-%.1: $(BUILD)/bin/trapeze tools/man
	@$(RUN_MAN) $< $* > $@
$(MAN)/%.1: $(BUILD)/bin/% tools/man
	@$(RUN_MAN) $< > $@
$(COMPLETE)/trapeze: $(INSTALLED) tools/completion
	@mkdir -p $(@D)
	@tools/completion $(BUILD)/bin/trapeze $(sort $(notdir $(BINARIES))) > $@
	@for tool in pg32-as pg32-ld pg32-objdump pg32-addr2line; do ln -sf trapeze $(@D)/$$tool; done

$(EDITORS): tools/syntax tools/version.h isa/pg32.def $(wildcard isa/as/*.c)
	@mkdir -p $(@D)
	@tools/syntax $(SYNTAX) > $@
$(filter %/syntax/pg32.vim,$(EDITORS)): SYNTAX = vim
$(filter %/ftdetect/pg32.vim,$(EDITORS)): SYNTAX = ftdetect
$(filter %.tmLanguage.json,$(EDITORS)): SYNTAX = vscode
$(filter %/package.json,$(EDITORS)): SYNTAX = vscode-package
$(filter %/language-configuration.json,$(EDITORS)): SYNTAX = vscode-configuration

# ---- what goes where ----
STAGE      := $(BUILD)/stage
LIST       := share/trapeze/installed-files
# the libraries' headers that others may include
PUBLIC     := $(wildcard machine/*.h isa/*.h isa/*.def)

stage: all
	@rm -rf $(STAGE) && mkdir -p $(STAGE)/bin $(STAGE)/share $(STAGE)/lib/trapeze $(STAGE)/lib/pkgconfig
	@cp $(INSTALLED) $(STAGE)/bin/
	@cp -R $(addprefix $(BUILD)/share/,doc man bash-completion vim) $(STAGE)/share/
	@mkdir -p $(STAGE)/share/trapeze
	@cp -R $(addprefix $(SHARE)/,initrd.tar para.tar nano bug trace.html include lib obj src vscode $(if $(LAB_FILES),labs)) $(STAGE)/share/trapeze/
	@sed -i 's|@PREFIX@|$(PREFIX)|g' $(STAGE)/share/man/man1/*.1
	@mkdir -p $(addprefix $(STAGE)/share/trapeze/debug/,boot bin)
	@cp $(KERNEL) $(HOST_KERNEL) $(PARA_KERNEL) $(STAGE)/share/trapeze/debug/boot/ && cp $(BINARIES) $(STAGE)/share/trapeze/debug/bin/
	@for name in $(SMALL); do ln -s all-commands $(STAGE)/share/trapeze/debug/bin/$$name || exit 1; done
	@for f in $(PUBLIC); do mkdir -p $(STAGE)/include/trapeze/$${f%/*} && cp $$f $(STAGE)/include/trapeze/$$f || exit 1; done
	@cp $(LIBMACHINE) $(LIBISA) $(STAGE)/lib/trapeze/
	@sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' tools/example/trapeze.pc.in > $(STAGE)/lib/pkgconfig/trapeze.pc
	@chmod -R u=rwX,go=rX $(STAGE) && chmod 755 $(STAGE)/bin/*
	@find $(STAGE)/share $(STAGE)/lib $(STAGE)/include -type f -exec chmod 644 {} +

install: stage # into PREFIX=/usr/local (DESTDIR=): the students' edition
	@tools/install $(STAGE) $(DESTDIR)$(PREFIX) $(LIST)
	@echo "installed in $(DESTDIR)$(PREFIX); make uninstall removes it,"
	@echo "make install-instructor adds solutions and hidden tests"

install-instructor: install # the same, and the labs' solutions and hidden tests
	@rm -rf $(STAGE)-instructor && mkdir -p $(STAGE)-instructor/share/trapeze
	@cp -R $(INSTRUCTOR) $(STAGE)-instructor/share/trapeze/ && chmod -R u=rwX,go=rX $(STAGE)-instructor
	@tools/install $(STAGE)-instructor $(DESTDIR)$(PREFIX) $(LIST)-instructor

uninstall: # remove from PREFIX what the two have installed
	@if [ -e $(DESTDIR)$(PREFIX)/$(LIST)-instructor ]; then tools/install --remove $(DESTDIR)$(PREFIX) $(LIST)-instructor; fi
	@tools/install --remove $(DESTDIR)$(PREFIX) $(LIST)

deb: setup # Debian packages, in build/deb/ (LINTIAN=1 checks them)
	@tools/setup dpkg-dev $(if $(LINTIAN),lintian)
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) VERSION=$(VERSION) MAKE="$(MAKE)" tools/package/debian/build $(if $(LINTIAN),--lintian)
