# host.mk - compiling for another host than this one: HOST=aarch64, HOST=musl. Included by the Makefile.
#
# The libraries for it lie in a folder of their own, the sysroot, which `make HOST=... setup` fills: nothing is added to the
# packages of this computer but the compiler. For aarch64 they are Debian's, and QEMU's user mode runs here what was compiled
# (tests/emulated): programs name the sysroot's dynamic linker and libraries by their full paths. For musl, another C library,
# they are compiled from Debian's sources, and everything is linked statically.
ifneq ($(HOST),)
SYSROOT := $(abspath build-sysroot-$(HOST))
endif
ifeq ($(HOST),aarch64)
HOST_CC       := aarch64-linux-gnu-gcc
HOST_PACKAGES := gcc-aarch64-linux-gnu qemu-user-static
MAKE_SYSROOT  := tools/sysroot
SYSROOT_LIB   := $(SYSROOT)/usr/lib/aarch64-linux-gnu
HOST_FLAGS    := --sysroot=$(SYSROOT)
HOST_LDFLAGS  := -Wl,--dynamic-linker=$(SYSROOT)/lib/ld-linux-aarch64.so.1 \
                 -Wl,--disable-new-dtags -Wl,-rpath=$(SYSROOT_LIB):$(SYSROOT)/lib/aarch64-linux-gnu
HOST_RUN      := tests/emulated aarch64
HOST_SKIP     := tests/emulated.skip
export PKG_CONFIG_SYSROOT_DIR := $(SYSROOT)
export PKG_CONFIG_LIBDIR := $(SYSROOT_LIB)/pkgconfig
else ifeq ($(HOST),musl)
HOST_CC       := musl-gcc
HOST_PACKAGES := musl-tools bzip2 xz-utils
MAKE_SYSROOT  := tools/sysroot-musl
HOST_FLAGS    := -isystem $(SYSROOT)/include -include tools/musl.h
HOST_LDFLAGS  := -static -L$(SYSROOT)/lib
SYSROOT_LIBS  := -ldw -leu -lelf -ljansson -lyaml -larchive -lz -lm
SYSROOT_DEBUG_LIBS := -lreadline -lncursesw
else ifneq ($(HOST),)
$(error HOST=$(HOST): expected aarch64 or musl, or nothing for this computer)
endif
