#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is made from the table of commands for bash and for man: test_command_line.sh PROGRAM
set -euo pipefail
program=${1:?usage: test_command_line.sh PROGRAM}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
wrong() {
    echo "$*"
    failures=$((failures + 1))
}

# --- Completion ------------------------------------------------------------------------------------------------------

"$program" docs completion >"$work/completion"
# shellcheck source=/dev/null
. "$work/completion"

# completions WORD…: what may stand for the last one, as bash calls the function; it is asked without a terminal.
completions() {
    COMP_WORDS=(tongxing "$@")
    COMP_CWORD=$#
    _tongxing
    echo "${COMPREPLY[*]}"
}

# completes "WORDS" WORD…: to exactly these.
completes() {
    local got expected=$1
    shift
    got=$(completions "$@")
    [ "$got" = "$expected" ] || wrong "tongxing $*: completed to '$got', not to '$expected'"
}

# offers WHAT WORD…: among others.
offers() {
    local what=$1
    shift
    [[ " $(completions "$@") " == *" $what "* ]] || wrong "tongxing $*: $what is not offered"
}

# Every command and every option of the table, as the reference has them.
each_is_offered() {
    local name=() line option i
    while read -r line; do
        case $line in
        '## '*)
            read -r -a name <<<"${line#\#\# }"
            for i in "${!name[@]}"; do offers "${name[i]}" "${name[@]:0:i}" "${name[i]:0:1}"; done
            offers --help "${name[@]}" -
            ;;
        '| `--'*)
            option=${line#*\`}
            offers "${option%%[\` ]*}" "${name[@]}" --
            ;;
        esac
    done < <("$program" docs commands)
}

each_is_offered
touch "$work/partners.json" "$work/some file.json"
completes "--help --version" -
completes "ES256 EdDSA" key rotate E
completes "EdDSA" key rotate Ed
completes "" key rotate ES256 ''
completes "" serve ''
completes "" praise ''
completes "rotate" --config somewhere key ro
completes "rotate" --config = somewhere key ro
completes "apply" help partner a
completes "$work/partners.json" partner apply "$work/part"
completes "$work/some file.json" partner apply "$work/some"
completes "$work/partners.json" migrate --config "$work/part"
completes "$work/partners.json" migrate --config = "$work/part"
completes "$work/partners.json" migrate -c "$work/part"

# As bash itself calls it, at a terminal: it splits --config=… into three words, and escapes blanks.
typed() {
    cat >"$work/rc" <<TEXT
. $work/completion
PS1=
tongxing() { printf '<%s>' "\$@"; }
TEXT
    {
        sleep 1
        printf '%s\n' "tongxing part	app	$work/some	" "tongxing migrate --config=$work/part	" "exit"
    } | TERM=dumb timeout 20 script -qec "bash --noprofile --rcfile $work/rc -i" /dev/null
}
typed >"$work/typed" || true
grep -q "^<partner><apply><$work/some file.json>" "$work/typed" || wrong "at a terminal: $(cat "$work/typed")"
grep -q "^<migrate><--config=$work/partners.json>" "$work/typed" || wrong "at a terminal: $(cat "$work/typed")"

# --- The manual page -------------------------------------------------------------------------------------------------

"$program" docs man >"$work/tongxing.8"
LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$work/tongxing.8" >/dev/null 2>"$work/warnings"
[ ! -s "$work/warnings" ] || wrong "man: $(cat "$work/warnings")"
LC_ALL=C.UTF-8 MANWIDTH=200 man -l "$work/tongxing.8" | col -bx >"$work/page"
while read -r name; do
    grep -qx " *tongxing $name.*" "$work/page" || wrong "tongxing(8) has no line of $name"
done < <("$program" docs commands | sed -n 's/^## //p')

shellcheck "$work/completion" || failures=$((failures + 1))
[ $failures -eq 0 ] && echo "the command line is completed and described"
