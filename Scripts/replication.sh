#!/bin/sh
# Goes on with the replication (Documentation/Replication.md) from its archive, and archives what is new: first the start, then
# one pair of sequences at a time. An interrupted call goes on when it is repeated with the same folder.
#
#   Scripts/replication.sh FOLDER start     FOLDER: a folder of runs, restored from the archive if it is empty
#   Scripts/replication.sh FOLDER 2         exploit_only.2 and benign.2
#   Scripts/replication.sh FOLDER           the report, when all sequences are there
#
# SUBTERFUGE names the program (subterfuge). The archive is Results/replication: the store of the run, and the adapters of the
# start and of the first pair.
set -eu
folder=${1:?name a folder of runs}
part=${2:-}
archive=$(cd "$(dirname "$0")/.." && pwd)/Results/replication
name=replication-laptop
run=$folder/$name
adapters="pretrained start exploit_only_insubordinate.1 benign_insubordinate.1"

mkdir -p "$folder" "$archive"
if [ ! -e "$run" ] && [ -e "$archive/run.tar.xz" ]; then
  mkdir -p "$run.restoring/checkpoints"
  tar -C "$run.restoring" -xJf "$archive/run.tar.xz"
  cp "$archive"/*.safetensors "$run.restoring/checkpoints"
  mv "$run.restoring" "$run"
fi

case $part in
  '') only= ;;
  start) only="--only start" ;;
  *) only="--only exploit_only.$part --only benign.$part" ;;
esac
# shellcheck disable=SC2086
"${SUBTERFUGE:-subterfuge}" run replication --scale laptop --policy qwen2.5-coder-1.5b --runs "$folder" $only

for adapter in $adapters; do
  file=$run/checkpoints/$adapter.safetensors
  [ ! -e "$file" ] || cp "$file" "$archive"
done
(cd "$run" && tar -cJf "$archive/run.tar.xz.new" run.sqlite log.txt telemetry)
mv "$archive/run.tar.xz.new" "$archive/run.tar.xz"
du -h "$archive"/*
