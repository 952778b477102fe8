# shellcheck shell=bash
# What the scripts here share. Source it first: it moves to the repository's
# root and clears the settings of the caller that would change what we run.

# A value that names a missing file breaks Terraform; the others point it at
# somebody else's state. Nothing here should depend on them.
unset TF_CLI_CONFIG_FILE TF_CLI_ARGS TF_DATA_DIR TF_WORKSPACE
export CHECKPOINT_DISABLE=1

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

# CACHE is where everything goes that can be made again.
CACHE="${CACHE:-.cache}"
case "$CACHE" in /*) ;; *) CACHE="$root/$CACHE" ;; esac
mkdir -p "$CACHE"
export CACHE

# TOOLS_GOCACHE is Go's build cache for tools and images: gigabytes that nobody
# needs once they are built, so scripts/test drops it before it fills the disk.
TOOLS_GOCACHE="$CACHE/go-build"

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() {
	warn "$0: $*"
	exit 1
}

# build_provider FILE builds the provider from this checkout.
build_provider() {
	go build -o "$1" . || die "the provider does not build; see the compiler's message above."
}

# at_least_1_11 BINARY tells whether a Terraform or OpenTofu is new enough:
# write-only arguments and ephemeral resources came with 1.11.
at_least_1_11() {
	local version major minor
	version="$("$1" version -json 2>/dev/null | sed -n 's/.*"terraform_version": *"\([0-9.]*\).*/\1/p')"
	[ -n "$version" ] || return 1
	major="${version%%.*}"
	minor="${version#*.}"
	minor="${minor%%.*}"
	[ "$major" -gt 1 ] || { [ "$major" -eq 1 ] && [ "$minor" -ge 11 ]; }
}

# find_cli sets cli to a Terraform or OpenTofu of at least 1.11: the one that
# TF_ACC_TERRAFORM_PATH names, one on PATH, or an OpenTofu built from its module.
find_cli() {
	local name found
	for name in "${TF_ACC_TERRAFORM_PATH:-}" terraform tofu; do
		found="$(command -v "$name")" || continue
		if at_least_1_11 "$found"; then
			cli="$found"
			return
		fi
		warn "Not using $found: it is older than 1.11."
	done
	warn "No terraform or tofu of at least 1.11 on PATH: using OpenTofu, built from its Go module."
	cli="$(scripts/tool opentofu)" || exit 1
}

# is_opentofu BINARY tells OpenTofu from Terraform, whatever the file is called.
is_opentofu() {
	[[ "$("$1" version)" == OpenTofu* ]] # through a pipe, a reader that has seen enough would end it with an error
}

# write_cli_config FILE DIRECTORY ADDRESS... makes the CLI take the provider from
# a directory for each source address.
write_cli_config() {
	local file="$1" directory="$2" address
	shift 2
	{
		say 'provider_installation {'
		say '  dev_overrides {'
		for address in "$@"; do say "    \"$address\" = \"$directory\""; done
		say '  }'
		say '  direct {}'
		say '}'
	} >"$file"
}
