import Foundation

/// The limit on this process's address space (`ulimit -v`), which the numerical libraries do not survive.
///
/// Where memory is refused, MLX returns null pointers and OpenBLAS asks again for ever, so a small limit is refused at the
/// start.
enum AddressSpace {
  /// Address space that training needs beside a model's own files, in bytes.
  static let needed: UInt64 = 3 << 30

  struct TooSmall: LocalizedError {
    let limit: UInt64

    var errorDescription: String? {
      """
      The limit on address space is \(limit >> 20) MiB (`ulimit -v`), and \(needed >> 20) MiB are needed. Remove the limit: \
      ulimit -v unlimited.
      """
    }
  }

  /// - Throws: `TooSmall` when a limit is set and is below what is needed.
  static func check() throws {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, UInt64(limit.rlim_cur) < needed else {
      return
    }
    throw TooSmall(limit: UInt64(limit.rlim_cur))
  }
}
