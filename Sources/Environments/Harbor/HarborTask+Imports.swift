import Sandboxing

extension HarborTask {
  /// The modules that the verifier's Python imports, by their first name; those that stand in `tests/` are left out.
  package var importedModules: Set<String> {
    let texts = tests.filter { $0.key.description.hasSuffix(".py") || $0.key.description.hasSuffix(".sh") }
      .compactMap { $0.value.content }.map { String(decoding: $0, as: UTF8.self) }
    let own = Set(tests.keys.map { String($0.description.split(separator: "/")[0].prefix { $0 != "." }) })
    return texts.reduce(into: Set()) { $0.formUnion(Self.imports(in: $1)) }.subtracting(own)
  }

  /// The first names of what a text imports in Python, or starts with `python3 -m`.
  package static func imports(in text: String) -> Set<String> {
    var names: Set<String> = []
    for match in text.matches(
      of: /(?:^|[\n;"'])[ \t]*(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import|import[ \t]+([A-Za-z_][\w., \t]*))/)
    {
      if let name = match.output.1 { names.insert(String(name)) }
      for name in (match.output.2 ?? "").split(separator: ",") {
        names.insert(String(name.trimmed.prefix { $0 != "." && $0 != " " }))
      }
    }
    for match in text.matches(of: /python3?(?:[ \t]+-[A-Za-z]+)*[ \t]+-m[ \t]+([A-Za-z_]\w*)/) {
      names.insert(String(match.output.1))
    }
    return names
  }
}
