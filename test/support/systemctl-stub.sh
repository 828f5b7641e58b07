#!/usr/bin/env bash
# Stands in for systemctl in a test of the installer: starts and stops what the installed unit says, as a process without systemd.
# $STUB_UNITS: folder of the units; $STUB_DIR: process ids, logs, and what was asked.
set -euo pipefail
echo "$*" >>"$STUB_DIR/asked"
command=$1
shift
names=()
for word in "$@"; do [[ $word = --* ]] || names+=("$word"); done
name=${names[0]:-}
pid_file=$STUB_DIR/$name.pid
value() { sed -n "s/^$1=//p" "$STUB_UNITS/$name.service"; }
active() { [ -s "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null; }
stop() {
  active || return 0
  kill -TERM "$(cat "$pid_file")"
  for _ in $(seq 200); do active || return 0; sleep 0.05; done
  kill -KILL "$(cat "$pid_file")"
}
case $command in
  is-active) active ;;
  start)
    active && exit 0
    cd "$(value WorkingDirectory)"
    # shellcheck disable=SC2046 # settings and arguments of the unit hold no spaces
    setsid env $(value Environment) $(value ExecStart) >>"$STUB_DIR/$name.log" 2>&1 </dev/null &
    echo $! >"$pid_file"
    ;;
  stop) stop ;;
  disable) [[ " $* " != *' --now '* ]] || stop ;;
esac
