import Foundation

/// Chromium without a window.
struct Browser {
  enum Theme: String, CaseIterable { case light, dark }

  /// What a script that looks at the page from outside has measured.
  struct Look: Decodable {
    /// How many pixels stick out at the right.
    var overflow: Int
    /// The least contrast of a text that can be seen with what is behind it.
    var contrast: Double
    /// The text of least contrast.
    var faintest: String
    var isDark: Bool
    /// The height of the element that the address names; 0 where it is hidden.
    var targetHeight: Double
    /// Transcripts in sight.
    var episodes: Int
  }

  struct Picture {
    var width: Int
    var height: Int
    var bytes: Int
  }

  private static let program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static var isInstalled: Bool { program != nil }

  private let theme: Theme
  private let folder: URL

  init(_ theme: Theme) throws {
    self.theme = theme
    folder = FileManager.default.temporaryDirectory.appending(path: "browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func close() { try? FileManager.default.removeItem(at: folder) }

  /// Measures a page in a frame of a width. The page itself forbids scripts, so the frame's owner looks at it.
  func look(at page: URL, anchor: String = "", width: Int) throws -> Look {
    let address = page.absoluteString + (anchor.isEmpty ? "" : "#\(anchor)")
    let owner = folder.appending(path: "owner.html")
    let html = """
      <!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark">
      <iframe id="f" style="width:\(width)px;height:4000px;border:0" src="\(address)"></iframe><pre id="out"></pre>
      <script>\(Self.script)</script>
      """
    try Data(html.utf8).write(to: owner)
    let text = try output(["--dump-dom", "--virtual-time-budget=20000", owner.absoluteString])
    guard let json = text.firstMatch(of: /<pre id="out">(.+?)<\/pre>/.dotMatchesNewlines())?.output.1 else {
      throw CocoaError(.fileReadCorruptFile, userInfo: [NSDebugDescriptionErrorKey: String(text.suffix(500))])
    }
    let plain = json.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    return try JSONDecoder().decode(Look.self, from: Data(plain.utf8))
  }

  /// Takes a picture of a page.
  func picture(of page: URL, width: Int) throws -> Picture {
    let file = folder.appending(path: "\(theme)-\(width).png")
    _ = try output(["--screenshot=\(file.path)", "--window-size=\(width),2400", page.absoluteString])
    let data = try Data(contentsOf: file)
    // A PNG begins with 8 bytes, then the header's length and name; width and height follow.
    func number(_ at: Int) -> Int { data[at..<at + 4].reduce(0) { $0 << 8 + Int($1) } }
    return Picture(width: number(16), height: number(20), bytes: data.count)
  }

  /// How many sheets of paper a page takes.
  func printedPages(of page: URL) throws -> Int {
    let file = folder.appending(path: "printed.pdf")
    _ = try output(["--no-pdf-header-footer", "--print-to-pdf=\(file.path)", page.absoluteString])
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return text.matches(of: /\/Count (\d+)/).compactMap { Int($0.output.1) }.max() ?? 0
  }

  private func output(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = Self.program.map { URL(filePath: $0) }
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files",
        "--user-data-dir=\(folder.path)/profile", "--blink-settings=preferredColorScheme=\(theme == .dark ? 0 : 1)",
      ] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  /// WCAG 2's contrast of each text in sight with the nearest background that is painted.
  private static let script = """
    const frame = document.getElementById('f');
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    function parts(color) {
      canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data;
    }
    function luminance([r, g, b]) {
      const [x, y, z] = [r, g, b].map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
      return .2126 * x + .7152 * y + .0722 * z;
    }
    function ratio(a, b) {
      const [x, y] = [luminance(a), luminance(b)]; return (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
    }
    function measure() {
      const d = frame.contentDocument, w = frame.contentWindow, root = d.documentElement;
      const seen = e => e.checkVisibility({contentVisibilityAuto: true}) && e.getClientRects().length > 0;
      let contrast = 99, faintest = '';
      const walker = d.createTreeWalker(d.body, 4);
      while (walker.nextNode()) {
        const e = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !seen(e) || e.closest('svg')) continue;
        let back = e, color = [0, 0, 0, 0];
        while (back && (color = parts(w.getComputedStyle(back).backgroundColor))[3] < 255) back = back.parentElement;
        const value = ratio(parts(w.getComputedStyle(e).color), color);
        if (value < contrast) [contrast, faintest] = [value, walker.currentNode.data.trim().slice(0, 60)];
      }
      const target = d.querySelector(':target');
      return {
        overflow: root.scrollWidth - root.clientWidth, contrast, faintest,
        isDark: luminance(parts(w.getComputedStyle(d.body).backgroundColor)) < .2,
        targetHeight: target && seen(target) ? target.getBoundingClientRect().height : 0,
        episodes: [...d.querySelectorAll('.e')].filter(seen).length
      };
    }
    frame.onload = () => setTimeout(() => document.getElementById('out').textContent = JSON.stringify(measure()), 300);
    """
}
