import Foundation

/// The instructions of a Dockerfile that a box can follow.
struct Dockerfile: Sendable, Hashable {
  enum Instruction: Sendable, Hashable {
    case from(image: String)
    case workdir(String)
    case variables([Variable])
    case copy(sources: [String], destination: String)
    case run(String)
    case user(String)
  }

  struct Variable: Sendable, Hashable {
    var name, value: String
  }

  struct Step: Sendable, Hashable {
    var instruction: Instruction
    var line: Int
  }

  var steps: [Step] = []
  let file: String

  /// - Throws: `EnvironmentError` that names the line, what a box cannot do, and what to write instead.
  init(_ text: String, file: String) throws {
    self.file = file
    for line in try Self.lines(text, file: file) {
      guard let instruction = try Self.instruction(line, file: file) else { continue }
      steps.append(Step(instruction: instruction, line: line.number))
    }
    let images = steps.filter { if case .from = $0.instruction { true } else { false } }
    guard images.count == 1, images.first == steps.first else {
      throw EnvironmentError(
        images.isEmpty
          ? "the Dockerfile does not begin with `FROM`"
          : "the Dockerfile has \(images.count) stages; a box is built in one", file: file,
        line: images.last?.line)
    }
  }

  private struct Line {
    var number: Int
    var name, rest: String
  }

  /// Joins continued lines and leaves comments out.
  private static func lines(_ text: String, file: String) throws -> [Line] {
    var lines: [Line] = []
    var (start, words) = (0, "")
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.trimmed
      if line.hasPrefix("#") || line.isEmpty { continue }
      if words.isEmpty { start = index + 1 }
      if line.hasSuffix("\\") {
        words += line.dropLast() + " "
        continue
      }
      words += line
      let parts = words.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
      lines.append(Line(number: start, name: parts[0].uppercased(), rest: parts.count > 1 ? parts[1].trimmed : ""))
      words = ""
    }
    guard words.isEmpty else { throw EnvironmentError("the last line continues, and nothing follows", file: file) }
    return lines
  }

  private static func instruction(_ line: Line, file: String) throws -> Instruction? {
    let refuse = { (message: String) in EnvironmentError(message, file: file, line: line.number) }
    guard !line.rest.contains("<<") || line.name == "ENV" else {
      throw refuse("`\(line.name)` with a here-document is not supported; put the text into a file and COPY it")
    }
    switch line.name {
    case "FROM":
      let words = line.rest.split(separator: " ").filter { !$0.hasPrefix("--") }
      guard let image = words.first else { throw refuse("`FROM` names no image") }
      return .from(image: String(image))
    case "WORKDIR": return .workdir(line.rest.unquoted)
    case "ENV": return .variables(try variables(line.rest).unwrap(or: refuse("`ENV` needs NAME=VALUE")))
    case "ARG":
      // Without a default it has no value, as in a build without --build-arg.
      return line.rest.contains("=") ? variables(line.rest).map(Instruction.variables) : nil
    case "COPY", "ADD": return try copy(line, refuse)
    case "RUN": return .run(try jsonWords(line.rest).map { $0.map(\.shellQuoted).joined(separator: " ") } ?? line.rest)
    case "USER": return .user(line.rest)
    case "LABEL", "CMD", "ENTRYPOINT", "STOPSIGNAL", "MAINTAINER": return nil
    case "EXPOSE", "HEALTHCHECK", "VOLUME", "ONBUILD":
      throw refuse("`\(line.name)` is for services and volumes, which a box does not have; the sandbox has no network")
    case "SHELL": throw refuse("`SHELL` is not supported; commands are run by bash")
    default: throw refuse("`\(line.name)` is not an instruction of a Dockerfile")
    }
  }

  private static func copy(_ line: Line, _ refuse: (String) -> EnvironmentError) throws -> Instruction {
    let words = line.rest.split(separator: " ").map(String.init)
    let options = words.prefix { $0.hasPrefix("--") }
    if let option = options.first(where: { $0.hasPrefix("--from") }) {
      // How uv's own documentation installs it; a box with packages has it.
      if option.contains("astral-sh/uv") { return .run("uv --version") }
      throw refuse("`\(line.name) \(option)` copies from another image, which a box does not have")
    }
    let plain = words.dropFirst(options.count).joined(separator: " ")
    let places = try jsonWords(plain) ?? plain.split(separator: " ").map { String($0).unquoted }
    guard let destination = places.last, places.count > 1 else {
      throw refuse("`\(line.name)` needs a source and a destination")
    }
    for source in places.dropLast() {
      if source.contains("://") { throw refuse("`\(source)` is downloaded, and the sandbox has no network") }
      if source.contains(where: "*?[".contains) {
        throw refuse("`\(source)` is a pattern; name the files or their folder")
      }
      if line.name == "ADD", source.contains(".t") && source.hasSuffix("z") || source.hasSuffix(".tar") {
        throw refuse("`ADD` would unpack `\(source)`; unpack it beside the Dockerfile and COPY the folder")
      }
      if source.split(separator: "/").contains("..") {
        throw refuse("`\(source)` leads out of the folder of the Dockerfile")
      }
    }
    return .copy(sources: Array(places.dropLast()), destination: destination)
  }

  /// The form `["word", "word"]`; `nil` where it is another one.
  private static func jsonWords(_ text: String) throws -> [String]? {
    guard text.hasPrefix("[") else { return nil }
    return try? JSONDecoder().decode([String].self, from: Data(text.utf8))
  }

  /// `NAME=VALUE NAME="VALUE"`, or the old `NAME VALUE`.
  private static func variables(_ text: String) -> [Variable]? {
    let first = text.prefix { !$0.isWhitespace }
    guard first.contains("=") else {
      let value = text.dropFirst(first.count).trimmed
      return value.isEmpty ? nil : [Variable(name: String(first), value: value.unquoted)]
    }
    var (words, word, quote): ([String], String, Character?) = ([], "", nil)
    for character in text {
      if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
      } else if quote == nil, character.isWhitespace {
        words.append(word)
        word = ""
      } else {
        word.append(character)
      }
    }
    let pairs = (words + [word]).filter { !$0.isEmpty }.map {
      $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    }
    guard quote == nil, pairs.allSatisfy({ $0.count == 2 && !$0[0].isEmpty }) else { return nil }
    return pairs.map { Variable(name: String($0[0]), value: String($0[1])) }
  }
}

extension Optional {
  fileprivate func unwrap(or error: @autoclosure () -> EnvironmentError) throws -> Wrapped {
    guard let self else { throw error() }
    return self
  }
}

extension String {
  /// The text without one pair of quotation marks around it.
  fileprivate var unquoted: String {
    guard count > 1, let mark = first, mark == last, mark == "\"" || mark == "'" else { return self }
    return String(dropFirst().dropLast())
  }

  /// The text as one word of a shell.
  package var shellQuoted: String { "'" + replacing("'", with: "'\\''") + "'" }
}
