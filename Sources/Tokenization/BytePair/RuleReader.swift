/// Reads the normalizer and the pre-tokenizer of a `tokenizer.json`.
struct RuleReader {
  private(set) var isByteLevel = false
  /// Spaces are written `▁`.
  private(set) var marksSpaces = false
  var rules = TextRules()

  mutating func readNormalizer(_ json: JSON) throws {
    switch json["type"]?.string {
    case "Sequence": for step in json["normalizers"]?.array ?? [] { try readNormalizer(step) }
    case "NFC": rules.composes = true
    case "Replace" where json["pattern"]?["String"]?.string == " " && json["content"]?.string == "▁": marksSpaces = true
    case "Prepend" where json["prepend"]?.string == "▁": rules.prefix = .always
    case let type: throw ModelError("its normalizer \(Self.name(type)) cannot be read.")
    }
  }

  mutating func readPreTokenizer(_ json: JSON) throws {
    switch json["type"]?.string {
    case "Sequence": for step in json["pretokenizers"]?.array ?? [] { try readPreTokenizer(step) }
    case "ByteLevel": try readByteLevel(json)
    case "Digits": try append(json["individual_digits"]?.bool == true ? #"\p{N}"# : #"\p{N}+"#)
    case "Split": try readSplit(json)
    case "Metaspace" where json["replacement"]?.string == "▁": try readMetaspace(json)
    case let type: throw ModelError("its pre-tokenizer \(Self.name(type)) cannot be read.")
    }
  }

  private static func name(_ type: String?) -> String { type.map { "'\($0)' or its settings" } ?? "without a type" }

  private mutating func readByteLevel(_ json: JSON) throws {
    guard json["add_prefix_space"]?.bool == false else {
      throw ModelError("its pre-tokenizer ByteLevel puts a space before every text (add_prefix_space).")
    }
    isByteLevel = true
    if json["use_regex"]?.bool ?? true { try append(WordRules.gpt2) }
  }

  private mutating func readSplit(_ json: JSON) throws {
    let behavior = json["behavior"]?.string
    let inverts = json["invert"]?.bool ?? false
    if let pattern = json["pattern"]?["Regex"]?.string {
      // Where all text matches, it is the same to keep matches apart or to remove what lies between.
      guard behavior == "Isolated" && !inverts || behavior == "Removed" && inverts && pattern.hasSuffix(#"|\s+"#) else {
        throw ModelError("its pre-tokenizer Split with behavior \(behavior ?? "none") cannot be read.")
      }
      try append(pattern)
    } else if json["pattern"]?["String"]?.string == " ", marksSpaces {
      // Gemma's: by then every space is a '▁', and nothing is left to cut.
    } else {
      throw ModelError("its pre-tokenizer Split without a regular expression cannot be read.")
    }
  }

  private mutating func append(_ expression: String) throws {
    rules.cuts.append(.pattern(try WordPatternParser.pattern(expression)))
  }

  private mutating func readMetaspace(_ json: JSON) throws {
    marksSpaces = true
    switch json["prepend_scheme"]?.string ?? (json["add_prefix_space"]?.bool == false ? "never" : "always") {
    case "never": break
    case "first": rules.prefix = .first
    case "always": rules.prefix = .always
    case let scheme: throw ModelError("its pre-tokenizer Metaspace has the prepend_scheme '\(scheme)'.")
    }
    if json["split"]?.bool ?? true { rules.cuts.append(.beforeEachSpace) }
  }
}
