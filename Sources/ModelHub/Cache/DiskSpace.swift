internal import Foundation
internal import Glibc

/// Room on the disk, and what is said when there is none.
enum DiskSpace {
  /// Left free, so that a fetch does not fill a disk to the last byte.
  private static let reserve: Int64 = 32 << 20

  /// The bytes that an ordinary user may still write at a path.
  static func available(at folder: URL) -> Int64? {
    var status = statvfs()
    guard statvfs(folder.path, &status) == 0 else { return nil }
    return Int64(
      clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }

  /// - Throws: `HubError` when `bytes` more do not fit.
  static func check(_ bytes: Int64, at folder: URL, available: Int64?) throws {
    guard let available, available - reserve < bytes else { return }
    throw HubError(
      "The disk of \(folder.path) has \(available.megabytes) free, the fetch needs \(bytes.megabytes) more. "
        + "Free some space, or set SUBTERFUGE_MODELS to a folder on another disk.")
  }

  /// The error of a write for which there was no room.
  static func full(at folder: URL) -> HubError {
    HubError(
      "The disk of \(folder.path) is full. Free some space, or set SUBTERFUGE_MODELS to a folder on another disk, and "
        + "run the same command again to resume. 'subterfuge models remove' deletes the data received so far."
    )
  }

  /// Runs a write; a full disk and other failures become a sentence.
  static func inWords<Result>(at folder: URL, _ write: () throws -> Result) throws -> Result {
    do {
      return try write()
    } catch let error as CocoaError where error.code == .fileWriteOutOfSpace {
      throw full(at: folder)
    } catch let error as HubError {
      throw error
    } catch {
      throw HubError("Cannot write at \(folder.path): \(error.localizedDescription)")
    }
  }
}

extension Int64 {
  /// As `12.3 MB`, a megabyte being a million bytes.
  package var megabytes: String { String(format: "%.1f MB", Double(self) / 1e6) }
}
