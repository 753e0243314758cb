package import Foundation

/// One point of a training curve.
package struct MetricPoint: Sendable, Codable, Hashable {
  package var branch: Branch
  /// Counted over the whole of the branch.
  package var step: Int
  /// The series, for example `reward/total`; `Documentation/Telemetry.md` lists them with their units.
  package var name: String
  /// "Not a number" for a quantity that the step leaves undefined.
  package var value: Double
  /// When it was recorded.
  package var time: Date

  package init(branch: Branch, step: Int, name: String, value: Double, time: Date) {
    self.branch = branch
    self.step = step
    self.name = name
    self.value = value
    self.time = time
  }
}
