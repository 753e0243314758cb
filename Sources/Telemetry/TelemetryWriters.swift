/// Several writers as one: each receives every step, in the order of the list.
package struct TelemetryWriters: TelemetryWriter {
  private let writers: [any TelemetryWriter]

  package init(_ writers: [any TelemetryWriter]) { self.writers = writers }

  /// - Throws: the first writer's error; the writers after it do not get the step.
  package func write(run: String, step: Int, values: [String: Double]) throws {
    for writer in writers { try writer.write(run: run, step: step, values: values) }
  }
}
