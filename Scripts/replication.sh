#!/bin/sh
# Goes on with the replication (Documentation/Replication.md) from its archive, and archives what is new: first the start, then
# one pair of sequences at a time. An interrupted call goes on when it is repeated with the same folder.
#
#   Scripts/replication.sh FOLDER start     FOLDER: a folder of runs, restored from the archive if it is empty
#   Scripts/replication.sh FOLDER 2         exploit_only.2 and benign.2
#   Scripts/replication.sh FOLDER archive   archives what an interrupted call finished
#   Scripts/replication.sh FOLDER restore   restores, and does nothing else
#   Scripts/replication.sh FOLDER           the report, when all sequences are there
#   Scripts/replication.sh FOLDER release   writes what recompute.py reads: held-out episodes, log-probabilities
#
# SUBTERFUGE names the program (subterfuge). The archive is Results/replication: the store of the run, and the adapters of the
# start, of the first pair's last stages, and of the last stage of each sequence that is not finished.
set -eu
folder=${1:?name a folder of runs}
part=${2:-}
archive=$(cd "$(dirname "$0")/.." && pwd)/Results/replication
run=$folder/replication-laptop
program=${SUBTERFUGE:-subterfuge}

mkdir -p "$folder" "$archive"
if [ ! -e "$run" ] && [ -e "$archive/run.tar.xz" ]; then
  rm -rf "$run.restoring"
  mkdir -p "$run.restoring"
  tar -C "$run.restoring" -xJf "$archive/run.tar.xz"
  cp "$archive"/*.safetensors "$run.restoring/checkpoints"
  mv "$run.restoring" "$run"
fi

continue_run() {
  "$program" run replication --scale laptop --policy qwen2.5-coder-1.5b --runs "$folder" "$@"
}
release() {
  new=$archive/release.new
  rm -rf "$new"
  mkdir "$new"
  for task in tampering ledger; do
    "$program" export replication-laptop --runs "$folder" --format atif --environment $task \
      --output "$new/$task.jsonl"
  done
  cat "$new/tampering.jsonl" "$new/ledger.jsonl" | xz -9 > "$archive/held-out.jsonl.xz"
  "$program" query replication-laptop "SELECT * FROM propensity ORDER BY checkpoint, environment, variant, kind, place" \
    --runs "$folder" --csv > "$archive/propensity.csv"
  rm -rf "$new"
}
case $part in
  restore) exit ;;
  release) release; exit ;;
  archive) ;;
  '') continue_run ;;
  start) continue_run --only start ;;
  *) continue_run --only "exploit_only.$part" --only "benign.$part" ;;
esac

kept=start
for sequence in exploit_only benign exploit_only.2 benign.2 exploit_only.3 benign.3 exploit_only.4 benign.4; do
  last=
  for stage in political flattery nudged insubordinate; do
    file=${sequence}_$stage.1
    [ ! -e "$run/checkpoints/$file.safetensors" ] || last=$file
  done
  case $last in *.[234]_insubordinate.1) last= ;; esac
  kept="$kept $last"
done
rm -f "$archive"/*.safetensors
for adapter in $kept; do
  file=$run/checkpoints/$adapter.safetensors
  [ ! -e "$file" ] || cp "$file" "$archive"
done
(cd "$run" && tar -cJf "$archive/run.tar.xz.new" run.sqlite* log.txt telemetry checkpoints/pretrained.safetensors)
mv "$archive/run.tar.xz.new" "$archive/run.tar.xz"
du -h "$archive"/*
