import ArgumentParser
import Foundation
import MLX
import Sandboxing

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the libraries, the speed of matrix products, the sandbox and the memory.",
    discussion:
      "Also prints where each part was loaded from. The exit status is 1 if something needs attention.\n\nExample:\n  subterfuge doctor"
  )

  @Flag(help: "Print JSON.")
  var json = false

  private struct Findings: Encodable {
    var parts: LoadedParts
    var machine: Machine
    var productGigaflops: Double
    var memory: Memory
    /// The mean number of waiting and running processes over the last minute.
    var load: Double
    var sandbox: SandboxHealth?
    var problems: [String]

    /// Other work has the cores, so that a slow product says nothing about the libraries.
    var isBusy: Bool { load > Double(max(1, machine.threads)) / 2 }
    var isSlow: Bool { productGigaflops < Machine.healthyProductRate }
  }

  func run() async throws {
    var load = [0.0]
    getloadavg(&load, 1)
    var findings = Findings(
      parts: .current, machine: .current, productGigaflops: try Machine.measureProductRate(), memory: .current,
      load: load[0], sandbox: nil, problems: [])
    if findings.isSlow && !findings.isBusy {
      findings.problems.append(
        "Matrix products run at \(Int(findings.productGigaflops)) GFLOP/s, below \(Int(Machine.healthyProductRate)): the "
          + "wrong BLAS is loaded. In a build from source, run Scripts/setup.sh and build again.")
    }
    do {
      let sandbox = try await Sandbox()
      findings.sandbox = try await sandbox.health()
      await sandbox.close()
      if let health = findings.sandbox, health.rerunDiffering > 0 {
        findings.problems.append(
          "\(health.rerunDiffering) of \(health.rerun) commands printed something else when they were run again on the "
            + "same files. Episodes on this machine cannot be reproduced exactly.")
      }
    } catch {
      findings.problems.append(error.localizedDescription)
    }
    if json { try Console.json(findings) } else { show(findings) }
    if !findings.problems.isEmpty { throw ExitCode.failure }
  }

  private func show(_ findings: Findings) {
    let machine = findings.machine
    Console.print("program          \(findings.parts.program) (\(findings.parts.revision))")
    for (folder, names) in findings.parts.librariesByFolder {
      Console.print("libraries        \(folder): \(names.joined(separator: ", "))")
    }
    Console.print("MLX              \(machine.mlxVersion)")
    Console.print("BLAS             \(machine.blasConfiguration), core \(machine.blasCore)")
    Console.print(
      "kernels          sampling \(machine.samplingKernels), training \(machine.usesAVX2 ? "AVX2" : "portable")"
        + "\(machine.multipliesOnTiles ? " and AMX" : ""), \(machine.threads) threads")
    let hint =
      findings.isSlow && findings.isBusy ? "; slow, but other work has the cores (load \(findings.load.rounded1))" : ""
    Console.print("matrix products  \(Int(findings.productGigaflops)) GFLOP/s (f32, 1024 x 1024)\(hint)")
    if let resident = findings.memory.resident { Console.print("memory           \(resident >> 20) MiB resident") }
    if let sandbox = findings.sandbox {
      Console.print(
        "sandbox          \(sandbox.workers) workers, \(sandbox.python), a command \(sandbox.commandMilliseconds.rounded1) ms, "
          + "a Python program \(sandbox.programMilliseconds.rounded1) ms; \(sandbox.rerunDiffering) of \(sandbox.rerun) differed "
          + "when run again")
      Console.print(
        "                 \(sandbox.bubblewrap); a copy of \(sandbox.pythonSource) in \(sandbox.root); server "
          + (sandbox.serverIsPrebuilt ? "prebuilt" : "compiled on this machine"))
    }
    Console.print(findings.problems.isEmpty ? "Everything is in order." : "")
    findings.problems.forEach { Console.print("PROBLEM: \($0)") }
  }
}
