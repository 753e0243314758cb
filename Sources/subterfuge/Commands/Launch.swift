import ArgumentParser
import Episodes
import Experiments
import Foundation

struct Launch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Submit an experiment to a Slurm cluster, with the servers that it samples from.",
    discussion: """
      Writes a batch script into the folder of runs and submits it with sbatch. The job starts vLLM or SGLang servers on \
      its node, waits until they answer, and runs the experiment beside them. Slurm starts it again after a preemption and \
      when its time is up, and the run resumes. --print prints the script and submits nothing.

      Example:
        subterfuge launch quickstart --print
        subterfuge launch quickstart --cores 4 --sbatch --partition=cpu --print
      """)

  @OptionGroup var experiment: ExperimentOptions

  @OptionGroup var sequences: SequenceOptions

  @Option(help: "Servers that the job starts. engine.sampler in the experiment says which and sets the rest.")
  var servers = 0

  @Option(help: "GPUs of each server; it spreads the model over them.")
  var gpusPerServer = 1

  @Option(help: "Further GPUs, for the trainer.")
  var trainerGpus = 0

  @Option(help: "Processor cores of the job, most of them for sandboxes.")
  var cores = 16

  @Option(help: "The job's time limit, in the form of sbatch.")
  var time = "24:00:00"

  @Option(
    name: .customLong("sbatch"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A further option of sbatch, for example --partition=gpu; may be repeated.", valueName: "option")
  )
  var sbatch: [String] = []

  @Flag(help: "Print the script; write and submit nothing.")
  var print = false

  @OptionGroup var options: RunOptions

  func validate() throws {
    try checkNumbers(("--gpus-per-server", gpusPerServer, 64), ("--cores", cores, 4_096))
    guard (0...64).contains(servers), (0...64).contains(trainerGpus) else {
      throw ValidationError("--servers and --trainer-gpus must lie between 0 and 64.")
    }
    guard (sbatch + [time]).allSatisfy({ !$0.contains(where: \.isNewline) }) else {
      throw ValidationError("An option of sbatch is one line.")
    }
  }

  func run() async throws {
    var settings = experiment
    // The job's own servers take the place of the experiment's.
    if servers > 0 { settings.settings.append("engine.sampler.urls=[\"http://127.0.0.1:1\"]") }
    let (resolved, _) = try settings.resolve()
    _ = try sequences.branches(of: resolved)
    let folder = try options.folder(resolved.name)
    let job = SlurmJob(
      name: resolved.name, command: command, folder: URL(filePath: FileManager.default.currentDirectoryPath),
      log: folder.url.appendingPathExtension("slurm.log"), engine: resolved.engine, model: resolved.trainedModel,
      rank: resolved.adapter.rank, servers: servers, gpusPerServer: gpusPerServer, trainerGPUs: trainerGpus,
      cores: cores, time: time, options: sbatch)
    if print { return Console.print(job.script) }
    let file = folder.url.appendingPathExtension("sbatch")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(job.script.utf8).write(to: file, options: .atomic)
    Console.print(try submit(file))
  }

  /// This program's `run` with the same options.
  private var command: [String] {
    let own = experiment
    let named = [
      ("--scale", own.scale), ("--name", own.name), ("--seed", own.seed.map(String.init)), ("--policy", own.policy),
      ("--chat-format", own.chatFormat), ("--reader", own.reader), ("--style", own.style?.rawValue),
      ("--packages", own.packages.packages),
    ]
    let program = Bundle.main.executableURL?.path ?? "subterfuge"
    return [program, "run", own.recipe] + own.settings.flatMap { ["--set", $0] }
      + named.flatMap { name, value in value.map { [name, $0] } ?? [] } + sequences.arguments + [
        "--runs", options.runs,
      ]
  }

  /// What sbatch says of the job.
  private func submit(_ file: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sbatch", file.path]
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let words = String(decoding: complaint, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      throw ExperimentError(
        "sbatch rejected \(file.path): \(words). Is this a machine of the cluster? The script is kept; --print shows it."
      )
    }
    return String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      + "\nThe script: \(file.path)"
  }
}
