import Foundation

/// From where this program and its libraries were loaded, for `subterfuge doctor`.
struct LoadedParts: Encodable {
  /// Path of the executable, links resolved.
  let program: String
  /// The version with the commit that was built.
  let revision: String
  /// Paths of the libraries, without those of the C library.
  let libraries: [String]

  /// The parts of this process.
  static var current: LoadedParts {
    LoadedParts(
      program: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? CommandLine.arguments[0],
      revision: Version.current.revision,
      libraries: libraries(inMaps: maps))
  }

  /// Read to its end: the kernel hands it out a page at a time.
  private static var maps: String {
    let file = FileHandle(forReadingAtPath: "/proc/self/maps")
    var text = Data()
    while let more = try? file?.read(upToCount: 1 << 16), !more.isEmpty { text += more }
    return String(decoding: text, as: UTF8.self)
  }

  /// The names of the libraries of each folder, sorted.
  var librariesByFolder: [(folder: String, names: [String])] {
    Dictionary(grouping: libraries) { ($0 as NSString).deletingLastPathComponent }
      .sorted { $0.key < $1.key }
      .map { ($0.key, $0.value.map { ($0 as NSString).lastPathComponent }.sorted()) }
  }

  /// Paths of shared libraries in the text of `/proc/self/maps`.
  static func libraries(inMaps text: String) -> [String] {
    let files = text.split(separator: "\n").compactMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } }
    let ofTheSystem = ["ld-linux", "libc.so", "libm.so", "libpthread", "libdl", "librt", "libresolv", "libnss_"]
    return Set(files).filter { path in
      let name = (path as NSString).lastPathComponent
      return name.contains(".so") && !ofTheSystem.contains(where: name.hasPrefix)
    }.sorted()
  }
}
