package import Foundation
import Synchronization

/// Writes one JSON object a line for each step, for tools that read line by line:
/// `{"kl":0.013,"reward/total":1.5,"run":"exploit_only.2","step":7,"time":"2026-11-21T10:44:00Z"}`.
///
/// JSON has no number for infinities and "not a number". Such a value is left out, and its name is listed under
/// `not_finite`, so that a reader can tell it from one that was not measured.
package final class JSONLinesWriter: TelemetryWriter {
  /// What a line holds beside its values.
  private static let reserved: Set<String> = ["run", "step", "time", "not_finite"]

  private let file: Mutex<AppendedFile>

  /// Writes the file anew from the steps that the store knows, and appends from there. What a killed process left torn,
  /// or wrote and never stored, is gone with the old content, and no step stands in the file twice.
  ///
  /// - Throws: `TelemetryError`.
  package init(file: URL, earlier: [TelemetryStep] = []) throws {
    let lines = try earlier.map(Self.line)
    self.file = Mutex(try AppendedFile(replacing: file, with: Data(lines.joined())))
  }

  /// - Throws: `TelemetryError`.
  package func write(run: String, step: Int, values: [String: Double]) throws {
    let line = try Self.line(TelemetryStep(run: run, step: step, values: values))
    try file.withLock { try $0.append(line) }
  }

  private static func line(_ step: TelemetryStep) throws -> Data {
    if let name = step.values.keys.first(where: reserved.contains) {
      throw TelemetryError("“\(name)” names a part of every line of telemetry; give the series another name.")
    }
    let notFinite = step.values.filter { !$0.value.isFinite }.keys.sorted()
    var object: [String: any Sendable] = step.values.filter { $0.value.isFinite }
    object["run"] = step.run
    object["step"] = step.step
    object["time"] = step.time.ISO8601Format()
    if !notFinite.isEmpty { object["not_finite"] = notFinite }
    return try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
      + Data("\n".utf8)
  }
}
