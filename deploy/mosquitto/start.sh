#!/bin/sh
# Starts the broker of docker-compose.yml: its users come from the environment, and only their hashes are written down.
set -eu
umask 077
users=${MQTT_USERS_FILE:-/tmp/users}
printf '%s:%s\n' compose-hub "$MQTT_HUB_PASSWORD" sim-mqtt-1 "$MQTT_PUMP_PASSWORD" > "$users"
mosquitto_passwd -U "$users"
unset MQTT_HUB_PASSWORD MQTT_PUMP_PASSWORD
exec mosquitto -c "${MOSQUITTO_CONF:-/etc/infusion-watch/mosquitto/mosquitto.conf}"
