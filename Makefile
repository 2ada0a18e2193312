# teeutils, for GNU make.  Nothing here uses the network, asks for root or
# writes outside $(B), $(FAKE) and DESTDIR, but for "make completions".
#
#   make [SAN=1] [WERROR=1] [V=1] [CC=clang B=build/clang]
#   make check [SAN=1] [T='policy tests/cli/install.bats']  (a folder, a file)
#   make coverage [T=...]
#   make lint | completions | clean
#   make install | install-strip | uninstall [PREFIX=/usr] [DESTDIR=...]
#   make static                     (those tools that need no shared library)
#   make dist                       (build/teeutils-VERSION.tar.gz)
#   make html                       (the manual, in build/html)
#
# A checkout that may not be written to: B=/tmp/b FAKE=/tmp/b/fake.
# CPPFLAGS, CFLAGS and LDFLAGS are the caller's: they come last and win.
# Objects do not notice that they or CC changed: make clean, or give B=.

VERSION := 0.2.0

# What each tool may link.  A tool is a file in cmd/ with a row here.
LIBS_snp-report   := crypto curl
LIBS_snp-verify   := crypto cbor yaml
LIBS_snp-certs    := crypto curl
LIBS_maa-token    := crypto curl
LIBS_jwt-claims   := crypto jq
LIBS_policy-hash  := crypto yaml z zstd
LIBS_policy-gen   := crypto yaml z zstd
LIBS_key-release  := crypto curl
LIBS_blob-encrypt := crypto
LIBS_blob-decrypt := crypto
LIBS_layer-root   := crypto z zstd
LIBS_skr-serve    := crypto curl cbor microhttpd

# What operators run that is a shell script.
SCRIPTS := tee-doctor

PREFIX      ?= /usr/local
BINDIR      ?= $(PREFIX)/bin
MANDIR      ?= $(PREFIX)/share/man
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHCOMPDIR ?= $(PREFIX)/share/fish/vendor_completions.d
DOCDIR      ?= $(PREFIX)/share/doc/teeutils
EXAMPLESDIR ?= $(DOCDIR)/examples
INSTALL     ?= install
INSTALL_PROGRAM ?= $(INSTALL) -m 755
INSTALL_SCRIPT  ?= $(INSTALL) -m 755
INSTALL_DATA    ?= $(INSTALL) -m 644

B    := build$(if $(SAN),/san)
FAKE := build/fake
LIB  := $(B)/libteeutils.a

TOOLS := $(patsubst cmd/%.c,%,$(wildcard cmd/*.c))
UNIT  := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*/*.c))
FUZZ  := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*/*.c))
ARSRC := $(sort $(wildcard common/*/*.c))
SRC   := $(ARSRC) $(wildcard cmd/*.c tests/unit/*/*.c tests/fuzz/*.c \
	tests/fuzz/*/*.c tests/fake/*.c)
ALL_LIBS := $(sort $(foreach v,$(filter LIBS_%,$(.VARIABLES)),$($v)))
$(foreach t,$(TOOLS),$(if $(filter undefined,$(origin LIBS_$t)), \
	$(error cmd/$t.c has no row LIBS_$t in the Makefile)))

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wcast-qual \
	-Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wwrite-strings -Wundef -Wimplicit-fallthrough $(if $(WERROR),-Werror)
# Each is kept if the compiler knows it; of the fortify levels the first.
# The path of the checkout is left out, so that any gives the same bytes.
TRY_CC := -ffile-prefix-map=$(CURDIR)=. -fstack-protector-strong -fstack-clash-protection -fcf-protection \
	-ftrivial-auto-var-init=zero
TRY_LD := -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed
TRY_FORTIFY := -D_FORTIFY_SOURCE=3 -D_FORTIFY_SOURCE=2
ifdef SAN
# The run-time library is linked in, so that tests may LD_PRELOAD another.
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
TRY_LD += -static-libasan -static-libubsan -static-libsan
TRY_FORTIFY :=
endif

FLAGS := $(B)/flags-$(notdir $(lastword $(CC))).mk
ifneq ($(filter-out clean uninstall,$(or $(MAKECMDGOALS),all)),)
include $(FLAGS)
endif
# The caller's level is not defined twice.
FORTIFY := $(if $(filter -O0,$(CFLAGS))$(findstring _FORTIFY_SOURCE,$(CC) \
	$(CPPFLAGS) $(CFLAGS)),,-U_FORTIFY_SOURCE $(HAVE_FORTIFY))

CPP  = -Icommon -Itests -D_GNU_SOURCE $(CPPFLAGS)
COMP = $(CC) -std=c11 -O2 -g -fPIE $(WARN) $(HAVE_CC) $(FORTIFY) $(SANFLAGS) \
	$(CPP) $(CFLAGS)
LINK = $(CC) -pie $(HAVE_LD) $(SANFLAGS) $(CFLAGS)

.PHONY: all objects unit fuzz-bin fake check coverage tsan lint completions install \
	install-strip uninstall static dist html clean
.DELETE_ON_ERROR:
.SECONDARY:
$(if $(V),,$(eval .SILENT:))

all: $(TOOLS:%=$(B)/%) $(SCRIPTS:%=$(B)/%)
objects: $(SRC:%.c=$(B)/obj/%.o)
unit: $(UNIT:%=$(B)/unit/%) $(B)/unit/readers
fuzz-bin: $(FUZZ:%=$(B)/fuzz/%)

# $(call try,FLAGS,THEN): print those the compiler takes without a word.
try = for f in $(1); do echo 'int main(void) { return 0; }' | \
	$(CC) -Werror -O2 -U_FORTIFY_SOURCE $(SANFLAGS) -include stdio.h $$f \
	-x c - -o $@.out 2>/dev/null && { printf ' %s' "$$f"; $(2); }; done
$(FLAGS): Makefile
	mkdir -p $(@D)
	{ printf 'HAVE_CC :='; $(call try,$(TRY_CC),:); \
	printf '\nHAVE_LD :='; $(call try,$(TRY_LD),:); \
	printf '\nHAVE_FORTIFY :='; $(call try,$(TRY_FORTIFY),break); \
	echo; } >$@; rm -f $@.out

$(B)/obj/%.o: %.c Makefile
	mkdir -p $(@D)
	echo "  CC      $<"
	$(COMP) $(DEF) -MMD -MP -c -o $@ $<
$(B)/obj/common/ground/opthelp.o: DEF := -DVERSION='"$(VERSION)"'

$(LIB): $(ARSRC:%.c=$(B)/obj/%.o)
	rm -f $@
	$(AR) rcs $@ $^

$(TOOLS:%=$(B)/%): $(B)/%: $(B)/obj/cmd/%.o $(LIB)
	echo "  LINK    $@"
	$(LINK) -o $@ $^ $(LDFLAGS) $(LIBS_$*:%=-l%)

$(SCRIPTS:%=$(B)/%): $(B)/%: scripts/%
	mkdir -p $(@D)
	cp $< $@

$(B)/unit/%: $(B)/obj/tests/unit/%.o $(LIB)
	mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LDFLAGS) $(ALL_LIBS:%=-l%)

# scripts/fuzz empties FUZZ_MAIN: libFuzzer brings its own main.
FUZZ_MAIN := $(B)/obj/tests/fuzz/replay.o
$(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(FUZZ_MAIN) $(LIB)
	mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LDFLAGS) $(ALL_LIBS:%=-l%)

# The stand-ins: unsanitized preloads and a PKI, shared by all builds.
SEV_SRC := $(wildcard tests/fake/sev*.c)
fake: $(if $(SEV_SRC),$(FAKE)/sev.so) $(FAKE)/jq-count.so $(FAKE)/failing.so \
	$(FAKE)/noguard.so $(FAKE)/hurry.so $(FAKE)/remains.so $(FAKE)/warm \
	$(if $(wildcard tests/fake/pki),$(FAKE)/pki/done)
$(FAKE)/sev.so: $(SEV_SRC) $(wildcard tests/fake/*.h) Makefile
	mkdir -p $(@D)
	$(CC) -std=c11 -O2 -g -fPIC -shared $(WARN) -D_GNU_SOURCE $(CPPFLAGS) \
	-o $@ $(SEV_SRC) $(LDFLAGS) -lcrypto -ldl
$(FAKE)/jq-count.so $(FAKE)/failing.so $(FAKE)/noguard.so $(FAKE)/hurry.so \
    $(FAKE)/remains.so: \
    $(FAKE)/%.so: tests/fake/%.c Makefile
	mkdir -p $(@D)
	$(CC) -std=c11 -O2 -g -fPIC -shared $(WARN) -D_GNU_SOURCE $(CPPFLAGS) \
	-o $@ $< $(LDFLAGS) -ldl
$(FAKE)/warm: tests/fake/warm.c Makefile
	mkdir -p $(@D)
	$(CC) -std=c11 -O2 -g $(WARN) -D_GNU_SOURCE $(CPPFLAGS) -o $@ $< \
	$(LDFLAGS)
$(FAKE)/pki/done: tests/fake/pki
	mkdir -p $(FAKE)
	echo "  PKI     $(FAKE)/pki"
	tests/fake/pki $(FAKE)/pki

check: all fake unit fuzz-bin
	FAKE='$(abspath $(FAKE))' tests/run $(B) $(T)

# With guards that stay open, so that gcov can write at the end.  The stand-ins
# are made before, without its flags.
COVERAGE := build/coverage
coverage: fake
	mkdir -p $(COVERAGE)
	$(CC) -std=c11 -O0 -fPIE -D_GNU_SOURCE -c -o $(COVERAGE)/noguard.o \
	tests/fake/noguard.c
	find $(COVERAGE) -name '*.gcda' -delete
	-$(MAKE) B=$(COVERAGE) CFLAGS='-O0 --coverage \
	-fprofile-update=atomic' LDFLAGS='--coverage \
	$(COVERAGE)/noguard.o -ldl' T='$(T)' check
	scripts/coverage $(COVERAGE)

# What has threads, under ThreadSanitizer; with T= the tests that do.
TSAN := build/tsan
tsan: fake
	mkdir -p $(TSAN)
	$(CC) -std=c11 -O1 -fPIE -D_GNU_SOURCE -c -o $(TSAN)/noguard.o \
	tests/fake/noguard.c
	TSAN_OPTIONS='exitcode=66 $(TSAN_OPTIONS)' $(MAKE) B=$(TSAN) \
	CFLAGS='-fsanitize=thread' LDFLAGS='-fsanitize=thread -static-libtsan \
	$(TSAN)/noguard.o -ldl' T='$(T)' $(or $(TSAN_MAKE),check)

lint:
	scripts/lint

completions: all
	rm -rf completions
	scripts/gen-completions $(B) completions

# A tool whose libraries all have a static archive; the others need what
# Debian ships as shared libraries only (jq, cbor) or what loads more at run
# time (curl: the resolver).
STATIC := $(foreach t,$(TOOLS),$(if $(filter curl jq cbor microhttpd, \
	$(LIBS_$t)),,$t))
static: $(STATIC:%=$(B)/static/%)
$(B)/static/%: $(B)/obj/cmd/%.o $(LIB)
	mkdir -p $(@D)
	echo "  LINK    $@"
	$(CC) -static-pie $(HAVE_LD) $(SANFLAGS) $(CFLAGS) -o $@ $^ $(LDFLAGS) \
	$(LIBS_$*:%=-l%)

dist:
	scripts/dist $(VERSION)

html:
	scripts/html $(B)/html

# What is installed where, for put to put there and take to take away.
put  = $(if $(1),$(INSTALL) -d '$(DESTDIR)$(2)' && $(3) $(1) '$(DESTDIR)$(2)')
take = $(if $(1),rm -f $(patsubst %,'$(DESTDIR)$(2)/%',$(notdir $(1))))
define places
$(call $(1),$(TOOLS:%=$(B)/%),$(BINDIR),$(INSTALL_PROGRAM))
$(call $(1),$(SCRIPTS:%=scripts/%),$(BINDIR),$(INSTALL_SCRIPT))
$(call $(1),$(wildcard man/*.1),$(MANDIR)/man1,$(INSTALL_DATA))
$(call $(1),$(wildcard man/*.7),$(MANDIR)/man7,$(INSTALL_DATA))
$(call $(1),$(wildcard completions/*.bash),$(BASHCOMPDIR),$(INSTALL_DATA))
$(call $(1),$(wildcard completions/_*),$(ZSHCOMPDIR),$(INSTALL_DATA))
$(call $(1),$(wildcard completions/*.fish),$(FISHCOMPDIR),$(INSTALL_DATA))
$(call $(1),LICENSE $(wildcard *.md),$(DOCDIR),$(INSTALL_DATA))
$(call $(1),$(wildcard docs/*.svg),$(DOCDIR)/docs,$(INSTALL_DATA))
$(call $(1),$(wildcard scripts/systemd/*),$(EXAMPLESDIR),$(INSTALL_DATA))
$(call $(1),$(wildcard scripts/examples/*),$(EXAMPLESDIR),$(INSTALL_SCRIPT))
$(call $(1),$(wildcard scripts/aci/[a-z]*),$(EXAMPLESDIR)/aci,$(INSTALL_SCRIPT))
$(call $(1),scripts/aci/Containerfile,$(EXAMPLESDIR)/aci,$(INSTALL_DATA))
endef
# With SKR=1 the sidecar answers to the original's name too.
install: all
	$(call places,put)
	$(if $(SKR),ln -sf skr-serve '$(DESTDIR)$(BINDIR)/skr')
install-strip:
	$(MAKE) INSTALL_PROGRAM='$(INSTALL_PROGRAM) -s' install
uninstall:
	$(call places,take)
	$(if $(SKR),rm -f '$(DESTDIR)$(BINDIR)/skr')

clean:
	rm -rf build

-include $(SRC:%.c=$(B)/obj/%.d)
