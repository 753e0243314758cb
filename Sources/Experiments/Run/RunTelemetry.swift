import Foundation
import Storage
import Telemetry

/// The numbers of training as they come: to the store, to `telemetry/*.jsonl` and to TensorBoard's event files.
struct RunTelemetry: Sendable {
  private let store: RunStore
  private let writers: [any TelemetryWriter]
}
