import Foundation
import Policies
import Testing

@testable import Experiments

/// The batch script, run by bash as Slurm does, with a `vllm` that only answers whether it is well.
@Suite struct SlurmJobTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "slurm it's-\(UUID())")

  /// Writes a program into the folder that stands first in the path.
  private func write(_ name: String, _ text: String) throws {
    let file = folder.appending(path: "bin/\(name)")
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }

  private func job(_ command: [String], servers: Int = 0, kind: SamplerSettings.Kind = .vllm) -> SlurmJob {
    let sampler = SamplerSettings(
      kind: kind, urls: servers > 0 ? ["http://127.0.0.1:1"] : [], model: "my model",
      adapters: folder.appending(path: "adapters").path)
    return SlurmJob(
      name: "x", command: command, folder: folder, log: folder.appending(path: "log"),
      engine: EngineSettings(sampler: sampler), model: "/models/it's", rank: 16, servers: servers, gpusPerServer: 2,
      trainerGPUs: servers > 0 ? 1 : 0, options: ["--partition=gpu"])
  }

  /// Runs a script; `end` is called when the file `ready` is there.
  private func run(_ script: String, number: Int, then end: (Process) -> Void = { _ in }) throws -> Int32 {
    let file = folder.appending(path: "job.sbatch")
    try Data(script.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["bash", file.path]
    process.environment = [
      "PATH": folder.appending(path: "bin").path + ":/usr/bin:/bin", "SLURM_JOB_ID": "\(number)", "HOME": "/tmp",
    ]
    // Slurm blocks no signals, the threads of tasks do.
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    try process.run()
    pthread_sigmask(SIG_SETMASK, &before, nil)
    let ready = folder.appending(path: "ready").path
    while process.isRunning, !FileManager.default.fileExists(atPath: ready) { usleep(20_000) }
    end(process)
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func text(_ name: String) -> String {
    (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
  }

  /// A server that answers on its port after a while, and notes its arguments and its end.
  private static let server = """
    #!/usr/bin/env python3
    import http.server, os, signal, sys, time
    port = int(sys.argv[sys.argv.index("--port") + 1])
    with open("servers", "a") as log: log.write(os.environ["CUDA_VISIBLE_DEVICES"] + " " + repr(sys.argv[1:]) + "\\n")
    def end(*_):
        with open("ended", "a") as log: log.write(f"{port}\\n")
        os._exit(0)
    signal.signal(signal.SIGTERM, end)
    time.sleep(0.3)
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/health" else 404)
            self.end_headers()
        def log_message(self, *_): pass
    http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
    """

  @Test("Servers are started on their GPUs, awaited, named to the experiment and ended; the status is the experiment's")
  func servers() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write("vllm", Self.server)
    let command = [
      "bash", "-c",
      #"printf '%s\n' "$@" > seen; curl -sf "$(grep -o 'http://[^"]*' seen | tail -n 1)/health" || exit 9; exit 3"#,
      "a 'b' $c",
    ]
    let job = job(command, servers: 2)
    #expect(job.script.contains("#SBATCH --gres=gpu:5\n") && job.script.contains("#SBATCH --partition=gpu\n"))
    #expect(job.script.contains("CUDA_VISIBLE_DEVICES=4 bash"))
    let number = Int.random(in: 1..<1_000)
    #expect(try run(job.script, number: number) == 3)
    let port = 20_000 + number * 16
    let urls = (0..<2).map { "\"http://127.0.0.1:\(port + $0)\"" }.joined(separator: ", ")
    #expect(text("seen") == "--set\nengine.sampler.urls=[\(urls)]\n")
    let started = text("servers").split(separator: "\n").sorted()
    #expect(
      started.count == 2 && started[0].hasPrefix("0,1 ['serve', \"/models/it's\"") && started[1].hasPrefix("2,3 "))
    #expect(
      started.allSatisfy { $0.contains("'--served-model-name', 'my model'") && $0.contains("'--max-lora-rank', '16'") })
    #expect(Set(text("ended").split(separator: "\n")) == ["\(port)", "\(port + 1)"])
  }

  @Test("An experiment that samples from SGLang starts SGLang")
  func sGLang() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write("sglang", Self.server)
    #expect(try run(job(["true"], servers: 1, kind: .sglang).script, number: 7) == 0)
    let started = text("servers")
    #expect(started.hasPrefix("0,1 ['serve', '--model-path', \"/models/it's\"") && !started.contains("served-model"))
    #expect(started.contains("'--enable-lora', '--max-lora-rank', '16'"))
    #expect(started.contains("'--lora-target-modules', 'q_proj', 'k_proj'"))
  }

  @Test("A server that ends before it answers ends the job")
  func brokenServer() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write("vllm", "#!/bin/bash\nexit 1\n")
    #expect(try run(job(["touch", "started"], servers: 1).script, number: 5) == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "started").path))
  }

  private static let patient = [
    "bash", "-c", "trap 'echo stored > stored; exit 130' TERM; touch ready; while :; do sleep 0.05; done",
  ]

  @Test("A preemption ends the experiment, which stores what it has, before the job")
  func preempted() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try run(job(Self.patient).script, number: 1) { $0.terminate() } == 143)
    #expect(text("stored") == "stored\n")
  }

  @Test("When the time is up, the experiment stores what it has and the job is queued again")
  func timeIsUp() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try write("scontrol", "#!/bin/bash\necho \"$@\" > \(shell(folder.appending(path: "requeued").path))\n")
    #expect(try run(job(Self.patient).script, number: 42) { kill($0.processIdentifier, SIGUSR1) } == 0)
    #expect(text("stored") == "stored\n" && text("requeued") == "requeue 42\n")
  }

  private func shell(_ path: String) -> String { "'" + path.replacingOccurrences(of: "'", with: "'\\''") + "'" }
}
