import Foundation

/// The records of a TensorBoard event file: `Event` messages (tensorboard/compat/proto/event.proto), each framed as a
/// TFRecord (length, its checksum, the message, its checksum).
enum EventRecord {
  /// What every file begins with: the version of the format, and a start before the first step, upon which a TensorBoard
  /// that watches drops the points it knows of the run.
  static func opening(at time: Date) -> Data {
    var version = event(at: time)
    version.add(3, "brain.Event:2")
    var start = ProtocolBuffer()
    start.add(1, 1)
    var session = event(at: time)
    session.add(7, start)
    return framed(version) + framed(session)
  }

  /// The values of a step as scalars (`simple_value`, float32), in the order of their names.
  static func scalars(_ step: TelemetryStep) -> Data {
    var summary = ProtocolBuffer()
    for (name, value) in step.values.sorted(by: { $0.key < $1.key }) {
      var scalar = ProtocolBuffer()
      scalar.add(1, name)
      scalar.add(2, Float(value))
      summary.add(1, scalar)
    }
    var message = event(at: step.time)
    message.add(2, step.step)
    message.add(5, summary)
    return framed(message)
  }

  private static func event(at time: Date) -> ProtocolBuffer {
    var message = ProtocolBuffer()
    message.add(1, time.timeIntervalSince1970)
    return message
  }

  private static func framed(_ message: ProtocolBuffer) -> Data {
    var length = Data()
    length.append(littleEndian: UInt64(message.bytes.count))
    var record = length
    record.append(littleEndian: CRC32C.masked(length))
    record += message.bytes
    record.append(littleEndian: CRC32C.masked(message.bytes))
    return record
  }
}
