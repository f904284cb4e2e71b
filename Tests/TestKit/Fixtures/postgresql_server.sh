#!/bin/sh
# A PostgreSQL server for the tests, in the folder $1: prints one line of JSON when it is ready, and ends when its
# standard input does. PostgreSQL refuses to run for root, so root lends it the user `postgres`.
set -eu
folder=$1
PATH=$PATH:/usr/sbin:$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -n 1)
command -v initdb > /dev/null || { echo '{"missing": "initdb"}'; exit 0; }
as=
if [ "$(id -u)" = 0 ]; then
  as='runuser -u postgres --'
  chown postgres "$folder"
fi
cd "$folder"
printf 'the password' > password
chmod 644 password
$as initdb --pgdata="$folder/data" --username=tester --pwfile=password --auth=scram-sha-256 --encoding=UTF8 \
  --locale=C --no-sync > initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
for try in 1 2 3 4 5; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  if $as pg_ctl --pgdata="$folder/data" --wait --timeout=60 --log="$folder/server.log" --options \
    "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c fsync=off -c max_connections=60" \
    start > /dev/null 2>&1 < /dev/null; then
    break
  fi
  [ "$try" != 5 ] || { cat server.log >&2; exit 1; }
done
printf '{"port": %d, "folder": "%s"}\n' "$port" "$folder"
while read -r _; do :; done
$as pg_ctl --pgdata="$folder/data" --mode=immediate stop > /dev/null 2>&1 || true
rm -rf "$folder"
