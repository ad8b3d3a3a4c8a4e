# Makes the database, once. Under another name first: what is half made when this is killed is never taken for whole.
set -e
[ ! -e /data/pg ] || exit 0
rm -rf /data/new
printf %s "$PW" | initdb -D /data/new -U app -A scram-sha-256 --pwfile=/dev/stdin --locale=C -E UTF8
echo 'host all app all scram-sha-256' >>/data/new/pg_hba.conf
mv /data/new /data/pg
