#!/bin/sh
# The account that dashboards read with: it may read the one bucket and nothing else. InfluxDB's image runs this once, when it sets
# itself up; run it again after INFLUX_READER_PASSWORD was changed:
#   docker compose up --detach influxdb && docker compose exec influxdb sh /docker-entrypoint-initdb.d/reader.sh
set -eu
org=$DOCKER_INFLUXDB_INIT_ORG
if influx v1 auth list --org "$org" --username grafana --hide-headers 2>/dev/null | grep -q grafana; then
  influx v1 auth set-password --username grafana --password "$INFLUX_READER_PASSWORD"
  exit
fi
bucket=$(influx bucket list --org "$org" --name "$DOCKER_INFLUXDB_INIT_BUCKET" --hide-headers | cut -f 1)
influx v1 auth create --org "$org" --username grafana --password "$INFLUX_READER_PASSWORD" \
  --read-bucket "$bucket" --description 'dashboards, read only'
