package import Episodes

/// A reader that keeps what it read, for whoever wants to see the evidence.
package actor ReadingLog: AnswerReader {
  package nonisolated let name: String
  private let reader: any AnswerReader
  private var readings: [Reading] = []

  package init(_ reader: any AnswerReader) {
    self.reader = reader
    name = reader.name
  }

  package func read(_ message: String, for task: ReadingTask) async throws -> Reading {
    let reading = try await reader.read(message, for: task)
    readings.append(reading)
    return reading
  }

  /// The readings since the last call, in order.
  package func take() -> [Reading] {
    defer { readings = [] }
    return readings
  }
}
