import Foundation
import Testing

@testable import Telemetry

@Suite struct EventFileTests {
  /// The examples of RFC 3720, appendix B.4, and the usual check value.
  @Test(
    arguments: [
      (Array("123456789".utf8), 0xe306_9283), ([], 0),
      (Array(repeating: 0, count: 32), 0x8a91_36aa), (Array(repeating: 0xff, count: 32), 0x62a8_ab43),
      (Array(0..<32), 0x46dd_794e), (Array((0..<32).reversed()), 0x113f_db5c),
    ] as [([UInt8], UInt32)]) func checksumsAreThoseOfTheStandard(bytes: [UInt8], checksum: UInt32)
  {
    #expect(CRC32C.checksum(bytes) == checksum)
  }

  /// 0xe3069283 turned right by 15 bits is 0x2507c60d; 0x2507c60d + 0xa282ead8 = 0xc78ab0e5.
  @Test func checksumsAreMasked() {
    #expect(CRC32C.masked(Array("123456789".utf8)) == 0xc78a_b0e5)
  }

  /// The same events, written by the tensorboard package (`Fixtures/make_events.py`).
  @Test func bytesAreThoseOfTensorBoard() throws {
    func step(_ step: Int, _ time: Double, _ values: [String: Double]) -> Data {
      EventRecord.scalars(
        TelemetryStep(run: "any", step: step, values: values, time: Date(timeIntervalSince1970: time)))
    }
    let ours = [
      EventRecord.opening(at: Date(timeIntervalSince1970: 1.5)), step(1, 1.5, ["reward/total": 1, "kl": 0]),
      step(2, 1_763_721_843.25, ["tokens/s": 8123.5, "entropy": 1.25, "kl": -0.0]),
      step(300, 2, ["explained_variance": .nan, "loss": .infinity, "policy_loss": -.infinity, "x": 1e-45]),
      step(1 << 40, 3, [String(repeating: "a", count: 200): 3.4e38, "entropía 🦊": 0.1]), step(4, 4, [:]),
    ]
    let file = Bundle.module.bundleURL.appending(path: "Fixtures/events.tfevents")
    #expect(try Data(contentsOf: file) == Data(ours.joined()))
  }
}
