package import Foundation

/// One point of a training curve.
package struct MetricPoint: Sendable, Codable, Hashable {
  package var branch: Branch
  /// The step, counted over the whole branch.
  package var step: Int
  /// The name of the series, for example `reward/total`; `Documentation/Telemetry.md` lists the series with their
  /// units.
  package var name: String
  /// The value; "not a number" if the step leaves the quantity undefined.
  package var value: Double
  /// The time when the point was recorded.
  package var time: Date

  package init(branch: Branch, step: Int, name: String, value: Double, time: Date) {
    self.branch = branch
    self.step = step
    self.name = name
    self.value = value
    self.time = time
  }
}
