# host.mk - compiling for a computer of another architecture than this one, with HOST=aarch64. Included by the Makefile.
#
# Its libraries lie in a folder of their own, the sysroot, which `make HOST=aarch64 setup` fills from Debian's packages:
# nothing is added to the packages of this computer but the compiler. What is compiled runs here, too, by QEMU's user
# mode (tests/emulated): programs name the sysroot's dynamic linker and libraries by their full paths.
ifneq ($(HOST),)
ifneq ($(HOST),aarch64)
$(error HOST=$(HOST): expected aarch64, or nothing for this computer)
endif
SYSROOT       ?= build-sysroot-$(HOST)
SYSROOT_LIB   := $(abspath $(SYSROOT))/usr/lib/aarch64-linux-gnu
HOST_PACKAGES := gcc-aarch64-linux-gnu
SETUP_SYSROOT  = tools/sysroot arm64 $(SYSROOT)
CHECK_SYSROOT  = tools/sysroot --check arm64 $(SYSROOT)
HOST_FLAGS     = --sysroot=$(abspath $(SYSROOT))
HOST_LDFLAGS   = -Wl,--dynamic-linker=$(abspath $(SYSROOT))/lib/ld-linux-aarch64.so.1 \
                 -Wl,--disable-new-dtags -Wl,-rpath=$(SYSROOT_LIB):$(abspath $(SYSROOT))/lib/aarch64-linux-gnu
export PKG_CONFIG_SYSROOT_DIR := $(abspath $(SYSROOT))
export PKG_CONFIG_LIBDIR := $(SYSROOT_LIB)/pkgconfig
endif
