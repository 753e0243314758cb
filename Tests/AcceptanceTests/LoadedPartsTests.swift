import Foundation
import Testing

@testable import subterfuge

@Suite struct LoadedPartsTests {
  /// Two mappings of one library, another one, one of the C library, a file that is none, and memory without a file.
  @Test func librariesAreReadFromTheProcessMaps() {
    let maps = """
      55d0-55d1 r-xp 00000000 fe:00 1 /opt/a b/libexec/subterfuge/subterfuge
      7f00-7f01 r--p 00000000 fe:00 2 /opt/a b/libexec/subterfuge/lib/libopenblas.so.0
      7f01-7f02 r-xp 00001000 fe:00 2 /opt/a b/libexec/subterfuge/lib/libopenblas.so.0
      7f02-7f03 r-xp 00000000 fe:00 3 /opt/a b/libexec/subterfuge/lib/libmlx.so
      7f03-7f04 r-xp 00000000 fe:00 4 /usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30
      7f04-7f05 r-xp 00000000 fe:00 5 /usr/lib/x86_64-linux-gnu/libc.so.6
      7f05-7f06 r--p 00000000 fe:00 6 /usr/lib/locale/C.utf8/LC_CTYPE
      7f06-7f07 rw-p 00000000 00:00 0 [heap]
      7f07-7f08 rw-p 00000000 00:00 0
      """
    let parts = LoadedParts(program: "p", revision: "r", libraries: LoadedParts.libraries(inMaps: maps))
    let folders = parts.librariesByFolder.map { "\($0.folder): \($0.names.joined(separator: " "))" }
    #expect(
      folders == [
        "/opt/a b/libexec/subterfuge/lib: libmlx.so libopenblas.so.0", "/usr/lib/x86_64-linux-gnu: libstdc++.so.6.0.30",
      ])
  }
}
