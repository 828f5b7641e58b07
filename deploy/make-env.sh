#!/bin/sh
# Makes .env with random secrets for docker-compose.yml. Needs nothing but a shell.
set -eu
umask 077

usage() {
  cat <<'TEXT'
Makes .env, the secrets of docker-compose.yml, with random words. A file that is there is never overwritten.

  deploy/make-env.sh                    makes .env beside docker-compose.yml, readable by you alone
  deploy/make-env.sh --add-missing      fills in what an existing .env lacks, after an upgrade; the rest stays
  deploy/make-env.sh --file PATH        the same with another file
  deploy/make-env.sh --help             this text
TEXT
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

here=$(cd "$(dirname "$0")" && pwd)
file=$here/../.env
add=no
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --add-missing) add=yes ;;
    --file) [ $# -gt 1 ] || fail '--file needs a path'; file=$2; shift ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

# 192 bits.
word() {
  od -An -v -N24 -tx1 /dev/urandom | tr -d ' \n'
}

# Twelve of Crockford's characters, as the server makes codes.
code() {
  od -An -v -N12 -tu1 /dev/urandom | tr -s ' \n' '\n\n' | while read -r byte; do
    [ -z "$byte" ] || printf '0123456789ABCDEFGHJKMNPQRSTVWXYZ' | cut -c $((byte % 32 + 1)) | tr -d '\n'
  done
}

made() {
  case $1 in
    GATEWAY_CLAIM) printf 'c-%.16s:%s' "$(word)" "$(code)" ;;
    *) word ;;
  esac
}

names=$(sed -n 's/^\([A-Z_]*\)=$/\1/p' "$here/.env.example")

put() {
  value=$(made "$1")
  # An empty secret would be a door that stands open.
  [ ${#value} -ge 24 ] || fail 'This machine gives no random numbers: nothing was made.'
  printf '%s=%s\n' "$1" "$value"
}

# Every line of $1 as it is; our names without a value get one.
filled() {
  while IFS= read -r line || [ -n "$line" ]; do
    if [ "${line%=}" != "$line" ] && printf '%s\n' "$names" | grep -qx -- "${line%=}"; then
      put "${line%=}"
    else
      printf '%s\n' "$line"
    fi
  done < "$1"
}

fresh=$file.new.$$
trap 'rm -f "$fresh"' EXIT

if [ ! -e "$file" ]; then
  filled "$here/.env.example" > "$fresh"
  # Of two at once one fails: a link is made where nothing is, or not at all.
  ln "$fresh" "$file"
  echo "Made $file. Keep it secret, and keep a copy of PASSWORD_PEPPER apart from your backups."
  exit
fi
[ "$add" = yes ] || fail "$file exists and was not changed. --add-missing fills in what it lacks."

filled "$file" > "$fresh"
for name in $names; do
  grep -q "^ *\(export \)\{0,1\}$name=" "$fresh" || put "$name" >> "$fresh"
done
if cmp -s "$file" "$fresh"; then
  echo "$file lacks nothing."
  exit
fi
mv "$fresh" "$file"
echo "Filled in what $file lacked. Everything else in it is as it was."
