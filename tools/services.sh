#!/usr/bin/env bash
# PostgreSQL on 127.0.0.1:5432 and Redis on 127.0.0.1:6379: used where they answer,
# else Debian's are installed and started. Repeatable.
set -euo pipefail

host=127.0.0.1

answers() { (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; }

wait_for() {
  for _ in $(seq 150); do
    answers "$1" && return 0
    sleep 0.2
  done
  echo "Nothing answers on $host:$1." >&2
  return 1
}

install_debian() {
  if [ "$(id -u)" -ne 0 ]; then
    echo "Nothing answers on $host:$1, and only root can install $2: start it yourself." >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq </dev/null
  apt-get install -qq -y --no-install-recommends "$2" </dev/null >/dev/null
}

start_postgresql() {
  local version
  command -v pg_lsclusters >/dev/null || install_debian 5432 postgresql
  version=$(pg_lsclusters --no-header | awk '{print $1; exit}')
  if [ -z "$version" ]; then
    version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1)
    pg_createcluster "$version" main >/dev/null
  fi
  # Loopback alone, and no password on it: a machine of tests, not of patients.
  printf 'local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\n' \
    >"/etc/postgresql/$version/main/pg_hba.conf"
  pg_ctlcluster "$version" main restart
  wait_for 5432
}

start_redis() {
  command -v redis-server >/dev/null || install_debian 6379 redis-server
  answers 6379 || redis-server --bind "$host" --port 6379 --save '' --daemonize yes >/dev/null
  wait_for 6379
}

answers 5432 || start_postgresql
answers 6379 || start_redis
echo "PostgreSQL and Redis answer on $host."
