#!/bin/sh
# `berika run` on a feed of 20,000 rows, from a fresh store to delivered webhooks on loopback, then unchanged, with other
# prices, and with one title in a hundred changed; beside what the encoder alone does.
#
#     benches/run_20k.sh [TITLES.jsonl...]
#
# Titles are taken from the files (an object with `title` and perhaps `brand` a line) and made up where there are none.
# PROFILE=dev measures the development build.
set -eu
cd "$(dirname "$0")/.."
profile=${PROFILE:-release}
folder=$profile
[ "$profile" = dev ] && folder=debug
cargo build --profile "$profile" -p berika-cli --bin berika --example run_speed
exec "target/$folder/examples/run_speed" "target/$folder/berika" "${ROWS:-20000}" "$@"
