# Names that the user gives make.  A name becomes one word of the shell, or it is refused in one
# sentence: a directory called `ada;touch x` was a command before, and one called `$(shell touch x)` is
# one for make itself, wherever it is expanded.

empty :=
blank := $(empty) $(empty)
tab := $(empty)	$(empty)
define newline


endef

# One word for the shell, whatever is in it.  A leading ~/ is your home, as in a shell.
quoted = '$(subst ','\'',$(1))'
quoted-path = $(call quoted,$(subst @name@,,$(subst @name@~/,$(HOME)/,@name@$(1))))
quoted-words = $(foreach word,$(1),$(call quoted,$(word)))

# $(1): variables that go into recipes.  What is in them is looked at unexpanded.
checked-value = $(foreach variable,$(1),\
	$(if $(findstring $$,$(value $(variable))),$(error $(variable): make takes a dollar sign for its own: give the directory another name))\
	$(if $(findstring $(newline),$(value $(variable))),$(error $(variable): a newline ends a command: give it without one)))

# What make, its patterns and the compilers' options take for something else in the name of a file.
strange := ' " ` ; & | < > ( ) [ ] * ? \ % : = , \# $$
strange-in = $(or $(firstword $(foreach character,$(strange),$(findstring $(character),$(1)))),$\
	$(if $(findstring $(blank),$(1))$(findstring $(tab),$(1))$(findstring $(newline),$(1)),a blank))

# $(1): what it is; $(2): the names of files, which go into rules.
checked-name = $(if $(call strange-in,$(2)),$(error $(1) has $(call strange-in,$(2)) in its name, which make cannot take: give it another))

ifneq ($(call strange-in,$(value CURDIR)),)
$(error the directory of this tree has $(call strange-in,$(value CURDIR)) in its path, which make cannot take: move it)
endif
