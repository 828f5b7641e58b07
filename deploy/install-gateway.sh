#!/usr/bin/env bash
# Installs, upgrades and removes the Infusion Watch gateway on Debian 12 or later, Ubuntu and Raspberry Pi OS (64 bit).
# What it keeps and what it changes: docs/operations.md.
set -euo pipefail

readonly service=infusion-watch-gateway
readonly account=infusion-watch
readonly node_floor=24.22.1

usage() {
  cat <<'TEXT'
Usage: sudo deploy/install-gateway.sh [OPTION]…

Installs the gateway from the folder this script lies in, or upgrades the installed one: stops it, switches to the new release,
starts it, and goes back to the release before when it does not become healthy. Never touches the outbox.

  --node PATH           the Node to run on; default: node on the PATH if it is a Node 24, else the one the package brings
  --node-modules DIR    copy the dependencies from DIR instead of downloading them (a machine without internet)
  --health-seconds N    how long a new release may take to become healthy, default 120
  --dry-run             say what would be done, do nothing
  --prefix DIR          install below DIR; makes no account and calls systemctl only if $SYSTEMCTL names it
  --uninstall           remove program and service; settings, key and outbox stay
  --purge               with --uninstall: remove those too, after "delete" has been typed
  --yes                 with --purge: do not ask
  --help                this text
TEXT
}

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
wrong_use() {
  printf '%s\nSee --help.\n' "$*" >&2
  exit 2
}

dry=no prefix='' action=install purge=no sure=no node_wanted='' modules='' health_seconds=120
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry=yes ;;
    --uninstall) action=uninstall ;;
    --purge) purge=yes ;;
    --yes) sure=yes ;;
    --prefix | --node | --node-modules | --health-seconds)
      [ $# -ge 2 ] || wrong_use "$1 needs a value"
      case $1 in
        --prefix) prefix=${2%/} ;;
        --node) node_wanted=$2 ;;
        --node-modules) modules=$2 ;;
        --health-seconds) health_seconds=$2 ;;
      esac
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) wrong_use "unknown option $1" ;;
  esac
  shift
done
[[ $health_seconds =~ ^[1-9][0-9]{0,3}$ ]] || wrong_use '--health-seconds takes a number from 1 on'
[ "$purge" = no ] || [ "$action" = uninstall ] || wrong_use '--purge goes with --uninstall'
[ -z "$prefix" ] || [[ $prefix = /* ]] || wrong_use '--prefix takes an absolute path'

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
app=$prefix/opt/infusion-watch
conf=$prefix/etc/infusion-watch
state=$prefix/var/lib/$service
cache=$prefix/var/cache/$service
units=$prefix/etc/systemd/system
journal=$prefix/etc/systemd/journald@infusion-watch.conf
wrapper=$prefix/usr/local/bin/$service
systemctl=${SYSTEMCTL:-}
[ -n "$systemctl" ] || [ -n "$prefix" ] || systemctl=systemctl

# Says a step in a dry run, does it otherwise.
run() {
  if [ "$dry" = yes ]; then say "would run: $*"; else "$@"; fi
}
ctl() {
  if [ -z "$systemctl" ]; then say "not run: systemctl $*"; else run "$systemctl" "$@"; fi
}
is_active() { [ -n "$systemctl" ] && "$systemctl" is-active --quiet "$service"; }
# Below a prefix everything belongs to whoever installs.
own() { [ -n "$prefix" ] || run chown "$@"; }
as_account() {
  if [ -n "$prefix" ] || [ "$(id -u)" != 0 ]; then "$@"; else runuser -u "$account" -- "$@"; fi
}
gateway() { # RELEASE ARGUMENT…
  local release=$1
  shift
  (cd "$release" && as_account env GATEWAY_DATA_DIR="$state" "$node" gateway/main.ts "$@")
}

os_field() { [ ! -r /etc/os-release ] || sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" /etc/os-release; }

check_machine() {
  [ -n "$prefix" ] || [ "$dry" = yes ] || [ "$(id -u)" = 0 ] || die 'run this with sudo'
  case $(uname -s)/$(uname -m) in
    Linux/x86_64) arch=x64 ;;
    Linux/aarch64) arch=arm64 ;;
    Linux/arm*) die 'this is a 32-bit system: install the 64-bit Raspberry Pi OS' ;;
    *) die "this is $(uname -s) on $(uname -m); the gateway runs on Linux, x86-64 or arm64" ;;
  esac
  local id id_like version
  id=$(os_field ID)
  id_like=$(os_field ID_LIKE)
  version=$(os_field VERSION_ID)
  case " $id $id_like " in
    *' debian '* | *' ubuntu '* | *' raspbian '*) ;;
    *) warn "tested on Debian, Ubuntu and Raspberry Pi OS; this is ${id:-unknown}" ;;
  esac
  if [ "$id" = debian ] && [ "${version%%.*}" -lt 12 ] 2>/dev/null; then die "Debian 12 or later is needed, this is $version"; fi
  if [ -z "$prefix" ] && [ "$dry" = no ] && [ ! -d /run/systemd/system ]; then
    die 'systemd does not run here; in a container use deploy/Dockerfile'
  fi
}

# Sets $node, and $packaged=yes when it is the one that the package brings.
choose_node() {
  packaged=no
  node=$node_wanted
  [ -n "$node" ] || node=$(command -v node || true)
  local version='' resolved
  if [ -n "$node" ]; then
    version=$("$node" --version 2>/dev/null || true)
    resolved=$(readlink -f "$node")
  fi
  if [ -n "$node_wanted" ] && [[ $version != v24.* ]]; then die "$node_wanted is no Node 24"; fi
  # What lies in somebody's home the service cannot see (ProtectHome).
  if [[ $version = v24.* ]] && { [ -n "$prefix" ] || [[ $resolved = /usr/* || $resolved = /opt/* ]]; }; then
    node=$resolved
    local lowest
    lowest=$(printf '%s\n' "$node_floor" "${version#v}" | sort -V | head -n 1)
    [ "$lowest" = "$node_floor" ] || warn "Node $version lacks security fixes; install $node_floor or a newer 24 and run this again"
    return
  fi
  [ -z "$node_wanted" ] || die "$node_wanted must lie below /usr or /opt, or the service cannot see it"
  packaged=yes
  node=
  warn "no Node 24 for everybody on this machine${version:+ (found $version)}: using the one the package brings, which lags behind security
         releases. Install Node $node_floor or a newer 24 from nodejs.org and run this again"
}

release_name() {
  local version hash
  version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$here/package.json")
  hash=$(cd "$here" && find domain gateway package.json package-lock.json -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-8)
  echo "$version-$hash"
}

# What the release is made of, for whoever asks whether a weakness touches this hub. No reason to stay without the release.
write_bill() {
  if [ -e "$here/scripts/sbom.mjs" ] && command -v npm >/dev/null; then
    run "${node:-$1/node_modules/node-linux-$arch/bin/node}" "$here/scripts/sbom.mjs" "$1/sbom.cdx.json" ||
      warn 'no bill of materials was written (sbom.cdx.json)'
  elif [ -e "$here/sbom.cdx.json" ]; then
    run cp "$here/sbom.cdx.json" "$1/"
  fi
}

# Sets $release. A release is whole or not there: it is made aside and renamed.
make_release() {
  local name aside part
  name=$(release_name)
  release=$app/releases/$name
  if [ -d "$release" ]; then
    say "release $name is there already"
    [ "$packaged" = no ] || node=$release/node_modules/node-linux-$arch/bin/node
    return
  fi
  say "making release $name"
  aside=$release.new
  run rm -rf "$aside"
  run install -d -m 0755 "$app/releases" "$aside"
  for part in domain gateway deploy docs package.json package-lock.json .npmrc LICENSE; do
    [ ! -e "$here/$part" ] || run cp -R "$here/$part" "$aside/"
  done
  if [ -n "$modules" ]; then
    run cp -R "$modules" "$aside/node_modules"
  else
    command -v npm >/dev/null || die 'npm is not there: install Node 24 from nodejs.org, or bring the dependencies along with --node-modules'
    local omit=(--omit=dev)
    [ "$packaged" = yes ] || omit+=(--omit=optional)
    run npm --prefix "$aside" ci "${omit[@]}" --no-audit --no-fund --loglevel=error
  fi
  write_bill "$aside"
  run chmod -R u=rwX,go=rX "$aside"
  own -R root:root "$aside"
  run mv -T "$aside" "$release"
  [ "$packaged" = no ] || node=$release/node_modules/node-linux-$arch/bin/node
  [ "$dry" = yes ] || [ -x "$node" ] || die "no Node 24: neither on this machine nor in $release/node_modules"
}

make_account() {
  if [ -n "$prefix" ]; then return; fi
  getent passwd "$account" >/dev/null ||
    run useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin "$account"
  local group
  for group in dialout audio; do
    if getent group "$group" >/dev/null; then run usermod -aG "$group" "$account"; fi
  done
}

# The node of a unit or wrapper: what the package brings is reached through `current`, so that it moves with the release.
node_for_files() {
  if [ "$packaged" = yes ]; then echo "$app/current/node_modules/node-linux-$arch/bin/node"; else echo "$node"; fi
}

install_files() {
  local unit_node
  unit_node=$(node_for_files)
  run install -d -m 0755 "$conf" "$units" "$(dirname "$wrapper")"
  run install -d -m 0700 "$state" "$cache"
  own "$account:$account" "$state" "$cache"
  if [ ! -e "$conf/gateway.yaml" ]; then
    run install -m 0640 "$here/deploy/systemd/gateway.yaml.example" "$conf/gateway.yaml"
    own "root:$account" "$conf/gateway.yaml"
  fi
  if [ "$dry" = yes ]; then
    say "would write: $units/$service.service, $journal, $wrapper"
    return
  fi
  sed -e "s|/opt/infusion-watch/|$app/|g; s|/etc/infusion-watch/|$conf/|g" \
    -e "s|/var/lib/$service|$state|g; s|/var/cache/$service|$cache|g" \
    -e "s|^ExecStart=/usr/bin/node |ExecStart=$unit_node |" \
    "$here/deploy/systemd/$service.service" >"$units/$service.service"
  install -m 0644 "$here/deploy/systemd/journald@infusion-watch.conf" "$journal"
  cat >"$wrapper" <<TEXT
#!/bin/sh
# A command of the installed gateway, with its settings and as its user: sudo $service doctor
cd $app/current || exit 1
set -- env GATEWAY_CONFIG=$conf/gateway.yaml GATEWAY_DATA_DIR=$state $unit_node gateway/main.ts "\$@"
if [ "\$(id -u)" = 0 ] && id $account >/dev/null 2>&1; then exec runuser -u $account -- "\$@"; fi
exec "\$@"
TEXT
  chmod 0755 "$wrapper"
  ctl daemon-reload
}

# Before anything is stopped: does the new release start, take these settings, and read these outbox files?
check_release() {
  if [ "$dry" = yes ]; then return; fi
  gateway "$release" --help >/dev/null || die "the new release does not start on $node; nothing was changed"
  local report
  if ! report=$(gateway "$release" doctor --config "$conf/gateway.yaml" --only configuration --only outbox); then
    printf '%s\n' "$report" | grep '^fail' >&2 || true
    die 'the new release cannot take over; nothing was changed'
  fi
}

switch_to() { # RELEASE
  run ln -sfnT "$1" "$app/current.new"
  run mv -T "$app/current.new" "$app/current"
}

back_up_key() {
  [ -d "$state/identity" ] || return 0
  run rm -rf "$state/identity.backup.new"
  run cp -a "$state/identity" "$state/identity.backup.new"
  run rm -rf "$state/identity.backup"
  run mv -T "$state/identity.backup.new" "$state/identity.backup"
}

health_url() {
  local host port
  host=$(sed -n 's/^statusHost:[[:space:]]*\([^[:space:]#]*\).*/\1/p' "$conf/gateway.yaml" | tr -d "'\"")
  port=$(sed -n 's/^statusPort:[[:space:]]*\([0-9]*\).*/\1/p' "$conf/gateway.yaml")
  case $host in '' | 0.0.0.0) host=127.0.0.1 ;; ::) host='[::1]' ;; *:*) host="[$host]" ;; esac
  echo "http://$host:${port:-9470}/healthz"
}

# Healthy three times in a row, a second apart.
becomes_healthy() {
  local url good=0 left=$health_seconds
  url=$(health_url)
  while [ "$left" -gt 0 ]; do
    if is_active && "$node" -e 'fetch(process.argv[1], { signal: AbortSignal.timeout(2000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$url"; then
      good=$((good + 1))
      [ "$good" -lt 3 ] || return 0
    else
      good=0
    fi
    sleep 1
    left=$((left - 1))
  done
  return 1
}

drop_old_releases() { # KEEP…
  local each keep
  for each in "$app"/releases/*; do
    for keep in "$@"; do [ "$each" != "$keep" ] || continue 2; done
    run rm -rf "$each"
  done
}

say_next() {
  cat <<TEXT

Next:
  1. Fill in server, ports and pumps:   sudoedit $conf/gateway.yaml
  2. Pair this hub, with a claim from the server (claim create):
                                        sudo $service enrol --server URL --claim ID --code CODE
  3. Start it:                          sudo systemctl start $service
  4. See what is still missing:         sudo $service doctor
TEXT
}

upgrade() { # PREVIOUS
  local previous=$1 active=no
  if is_active; then active=yes; fi
  [ "$active" = no ] || ctl stop "$service"
  back_up_key
  install_files
  switch_to "$release"
  if [ "$active" = no ]; then
    say "upgraded to $(basename "$release"); the gateway did not run and was not started"
    return
  fi
  [ "$dry" = no ] || return 0
  ctl start "$service" || true
  if becomes_healthy; then
    say "upgraded to $(basename "$release"), healthy"
    drop_old_releases "$release" "$previous"
    return
  fi
  warn "$(basename "$release") is not healthy after $health_seconds s, going back to $(basename "$previous")"
  ctl stop "$service" || true
  # The unit of before, too: the new one may ask for what the old program does not do.
  here=$previous
  install_files
  switch_to "$previous"
  ctl start "$service" || true
  if becomes_healthy; then
    die "the upgrade failed; $(basename "$previous") runs again, nothing is lost. Why: journalctl --namespace=infusion-watch -u $service"
  fi
  die "neither release is healthy; records are kept in $state/outbox. Look: sudo $service doctor"
}

install_all() {
  check_machine
  choose_node
  make_account
  make_release
  local previous=''
  [ ! -L "$app/current" ] || previous=$(readlink -f "$app/current")
  if [ -n "$previous" ] && [ -d "$previous" ]; then
    check_release
    if [ "$previous" != "$release" ]; then
      upgrade "$previous"
      return
    fi
    install_files
    say "$(basename "$release") is installed already"
    return
  fi
  install_files
  check_release
  switch_to "$release"
  ctl enable "$service"
  say "installed $(basename "$release") below $app"
  if cmp -s "$here/deploy/systemd/gateway.yaml.example" "$conf/gateway.yaml"; then
    say_next
    return
  fi
  ctl start "$service"
  [ "$dry" = no ] && [ -n "$systemctl" ] || return 0
  becomes_healthy || die "it is not healthy after $health_seconds s: sudo $service doctor"
  say 'it runs and is healthy'
  [ -e "$state/identity/pairing.json" ] || say_next
}

uninstall() {
  check_machine
  if [ "$purge" = yes ] && [ "$sure" = no ] && [ "$dry" = no ]; then
    say "This removes $state with its outbox – records that no server has yet are lost – and its key, and $conf/gateway.*."
    printf 'Type delete to go on: '
    local answer=''
    read -r answer || true
    [ "$answer" = delete ] || die 'nothing was removed'
  fi
  ctl disable --now "$service" || true
  run rm -rf "$units/$service.service" "$journal" "$wrapper" "$app/releases" "$app/current" "$cache"
  [ ! -d "$app" ] || run rmdir --ignore-fail-on-non-empty "$app"
  ctl daemon-reload
  if [ "$purge" = yes ]; then
    run rm -rf "$state" "$conf/gateway.yaml" "$conf/gateway.env"
    [ ! -d "$conf" ] || run rmdir --ignore-fail-on-non-empty "$conf"
    say 'removed, with settings, key and outbox. Revoke this hub on the server, if it will not be paired again.'
    return
  fi
  say "removed. Kept: settings in $conf, key in $state/identity, records not delivered yet in $state/outbox."
  say 'Installing again goes on with them; --uninstall --purge removes them.'
}

case $action in
  install) install_all ;;
  uninstall) uninstall ;;
esac
