# Notes in the database that it has started, and serves how often it has.
set -e
psql -qc 'create table if not exists starts (at timestamptz default now())' -c 'insert into starts default values'
mkdir -p /tmp/www/cgi-bin
cat >/tmp/www/cgi-bin/starts <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\n'
exec psql -Atc 'select count(*) from starts'
END
chmod 755 /tmp/www/cgi-bin/starts
exec httpd -f -p 8080 -h /tmp/www
