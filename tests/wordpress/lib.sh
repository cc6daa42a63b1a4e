# Shared by up, edit, check and down.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
STATE=${EWB_WORDPRESS:-${TMPDIR:-/tmp}/ewb-wordpress}
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }
cannot() { say "$*"; exit 75; } # this machine cannot have it: no fault of ours

# options "posts rate-limit" "$@": each --name VALUE becomes $NAME; only those that are named are taken
options() {
    local known=" $1 " name; shift
    while [ $# -gt 0 ]; do
        name=${1#--}
        [[ $known == *" $name "* && $# -gt 1 ]] || die "options:${known// / --}"
        name=${name//-/_}; printf -v "${name^^}" %s "$2"; shift 2
    done
    [[ $STATE == /* ]] || STATE=$PWD/$STATE
}

# alive NAME PROGRAM: the process of run/NAME.pid runs (a zombie does not) and is that program
alive() {
    local pid; pid=$(cat "$STATE/run/$1.pid" 2>/dev/null) || return 1
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$2"* ]] && ! grep -q '^State:\s*Z' "/proc/$pid/status"
}

# stop NAME PROGRAM SIGNAL: asks it to end, waits fifteen seconds, and ends it
stop() {
    ! alive "$1" "$2" || kill "-$3" "$(cat "$STATE/run/$1.pid")"
    for _ in $(seq 150); do alive "$1" "$2" || break; sleep 0.1; done
    ! alive "$1" "$2" || kill -KILL "$(cat "$STATE/run/$1.pid")"
    rm -f "$STATE/run/$1.pid"
}

stop_web() { stop nginx nginx QUIT; stop php-fpm php-fpm QUIT; }
stop_all() { stop_web; stop mariadb mariadbd "${1:-TERM}"; }
empty_cache() { find "$STATE/nginx" -type f -delete; }

# wordpress SCRIPT ...: one of seed/, inside WordPress, as the user that owns its files
wordpress() {
    local script=$1; shift
    runuser -u www-data -- php8.2 -d opcache.enable_cli=0 "$STATE/seed/$script" "$STATE" "127.0.0.1:$PORT" "$@"
}
