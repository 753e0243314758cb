package import Foundation
internal import LanguageModels
internal import Policies

/// One job of a Slurm cluster that starts servers, waits until they answer, and runs an experiment beside them.
///
/// Slurm starts the job again after a preemption and when its time is up. The experiment then resumes.
package struct SlurmJob: Sendable {
  /// The experiment's name, which names the job.
  package var name: String
  /// What runs the experiment: the program with its arguments.
  package var command: [String]
  /// The folder that the job starts in.
  package var folder: URL
  /// Where the job's own log is appended.
  package var log: URL
  package var engine: EngineSettings
  /// The folder of the model that the servers serve.
  package var model: String
  /// The rank of the checkpoints' adapters.
  package var rank: Int
  /// Servers on the job's node; 0 where the experiment names servers that run elsewhere, or none.
  package var servers: Int
  /// GPUs of each server, over which it spreads the model.
  package var gpusPerServer: Int
  /// Further GPUs, for the trainer.
  package var trainerGPUs: Int
  package var cores: Int
  /// As `sbatch --time` takes it, for example `24:00:00`.
  package var time: String
  /// Further options of `sbatch`, for example `--partition=gpu`.
  package var options: [String]

  package init(
    name: String, command: [String], folder: URL, log: URL, engine: EngineSettings, model: String, rank: Int,
    servers: Int = 0, gpusPerServer: Int = 1, trainerGPUs: Int = 0, cores: Int = 16, time: String = "24:00:00",
    options: [String] = []
  ) {
    self.name = name
    self.command = command
    self.folder = folder
    self.log = log
    self.engine = engine
    self.model = model
    self.rank = rank
    self.servers = servers
    self.gpusPerServer = gpusPerServer
    self.trainerGPUs = trainerGPUs
    self.cores = cores
    self.time = time
    self.options = options
  }

  private var gpus: Int { servers * gpusPerServer + trainerGPUs }

  /// The batch script. Every word that comes from outside is quoted.
  package var script: String {
    ([head, servers > 0 ? start : nil, run] as [String?]).compactMap(\.self).joined(separator: "\n")
  }

  private var head: String {
    let directives =
      ["--job-name=subterfuge-\(name)", "--nodes=1", "--ntasks=1", "--cpus-per-task=\(cores)"]
      + (gpus > 0 ? ["--gres=gpu:\(gpus)"] : [])
      + ["--time=\(time)", "--requeue", "--signal=B:USR1@300", "--open-mode=append", "--output=\(quoted(log.path))"]
      + options
    return """
      #!/bin/bash
      # Written by `subterfuge launch`. Submit it with `sbatch FILE`; change what your cluster needs.
      \(directives.map { "#SBATCH \($0)" }.joined(separator: "\n"))
      set -uo pipefail
      cd \(quoted(folder.path)) || exit 1
      servers=()
      controller=

      # Whatever ends this job ends the experiment first, which stores what is finished, and then the servers.
      finish() {
        [ -z "$controller" ] || kill -TERM "$controller" 2>/dev/null
        [ -z "$controller" ] || wait "$controller"
        [ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null
      }
      # Five minutes before the time is up: the job is queued again and resumes.
      again() {
        echo "the time is up: queued again"
        finish
        scontrol requeue "$SLURM_JOB_ID"
        exit 0
      }
      trap again USR1
      trap 'finish; exit 143' TERM

      """
  }

  /// What starts a server, and its last options.
  private var serve: (start: String, end: String) {
    switch engine.sampler.kind {
    case .vllm:
      (
        "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve \(quoted(model))",
        "--max-loras 4 --logprobs-mode processed_logprobs --served-model-name \(quoted(engine.sampler.model))"
      )
    case .sglang:
      (
        "sglang serve --model-path \(quoted(model))",
        "--max-loras-per-batch 4 --lora-target-modules \(LoRAConfiguration.everyMatrix.joined(separator: " "))"
      )
    }
  }

  private var start: String {
    let port = 20_000
    let lines = (0..<servers).map { index in
      let first = index * gpusPerServer
      let devices = (first..<first + gpusPerServer).map(String.init).joined(separator: ",")
      let (start, end) = serve
      return """
        CUDA_VISIBLE_DEVICES=\(devices) \(start) --host 127.0.0.1 --port $((port + \(index))) \\
          --tensor-parallel-size \(gpusPerServer) --enable-lora --max-lora-rank \(max(8, rank)) \(end) &
        servers+=($!)
        """
    }
    return """
      # Servers: each on GPUs and a port of its own. Jobs on one node do not share ports.
      port=$((\(port) + SLURM_JOB_ID % 1000 * 16))
      mkdir -p \(quoted(engine.sampler.adapters))
      \(lines.joined(separator: "\n"))
      for index in "${!servers[@]}"; do
        until curl -sf "http://127.0.0.1:$((port + index))/health" >/dev/null; do
          kill -0 "${servers[$index]}" 2>/dev/null || { echo "server $index ended before it answered"; finish; exit 1; }
          sleep 2
        done
      done
      echo "${#servers[@]} servers answer"

      """
  }

  private var run: String {
    var words = command.map(quoted)
    if servers > 0 {
      let urls = (0..<servers).map { "\\\"http://127.0.0.1:$((port + \($0)))\\\"" }.joined(separator: ", ")
      words.append("--set \"engine.sampler.urls=[\(urls)]\"")
    }
    let devices =
      trainerGPUs > 0
      ? "CUDA_VISIBLE_DEVICES=\((servers * gpusPerServer..<gpus).map(String.init).joined(separator: ",")) " : ""
    return """
      \(devices)\(words.joined(separator: " ")) &
      controller=$!
      wait "$controller"
      status=$?
      controller=
      finish
      exit "$status"

      """
  }

  /// A word as bash reads it back.
  private func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.utf8.allSatisfy { Self.plain.contains($0) }
    return isPlain ? word : "'\(word.replacingOccurrences(of: "'", with: "'\\''"))'"
  }

  private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%".utf8)
}
