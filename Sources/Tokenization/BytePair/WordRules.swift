/// The rules by which byte-level vocabularies cut text into words, under the names that GGUF files give them
/// (`tokenizer.ggml.pre`). The regular expressions are those of the models' own `tokenizer.json`.
struct WordRules {
  /// Applied in turn.
  let expressions: [String]
  /// A word that is a piece is that piece, whatever merging would make of it.
  var takesWholeWords = false
  /// Documents begin with a token of their own even where the file does not say so.
  var addsBeginning = false

  /// The rules with this name; `nil` when it is not known.
  static func named(_ name: String) -> WordRules? { byName[name] }

  /// The names of all, for messages.
  static var names: String { byName.keys.sorted().joined(separator: ", ") }

  static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  private static let digit = #"\p{N}"#
  private static let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
  private static let spaces = #"|\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static let others = #"| ?[^\s\p{L}\p{N}]+[\r\n]*"# + spaces

  /// GPT-4's and what came after: contractions, letters with the character before them, up to so many digits.
  private static func modern(digits: String, letters: String = #"\p{L}+"#, tail: String = others) -> String {
    contraction + #"|[^\r\n\p{L}\p{N}]?"# + letters + "|" + digits + tail
  }

  /// GPT-4o's, which cuts where a small letter is followed by a capital.
  private static func cased(digits: String, ending: String) -> String {
    let (upper, lower) = (#"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#, #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#)
    let before = #"[^\r\n\p{L}\p{N}]?"#
    return "\(before)\(upper)*\(lower)+\(ending)|\(before)\(upper)+\(lower)*\(ending)|\(digits)"
      + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*"# + spaces
  }

  private static let llama3 = modern(digits: #"\p{N}{1,3}"#)
  private static let qwen2 = modern(digits: digit)
  private static let deepseek3 = [
    #"\p{N}{1,3}"#, "[一-龥\u{3040}-ゟ゠-ヿ]+",
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
      + #"| ?[\p{P}\p{S}]+[\r\n]*"# + spaces,
  ]
  private static let bloom = " ?[^(\\s|[.,!?…。，、।۔،])]+"

  private static let byName: [String: WordRules] = {
    let whole = WordRules(expressions: [llama3], takesWholeWords: true, addsBeginning: true)
    let gpt4o = cased(digits: #"\p{N}{1,3}"#, ending: contraction + "?")
    let table: [([String], WordRules)] = [
      (["gpt-2", "phi-2", "olmo", "jais", "mpt", "gigachat", "mellum", "a.x-4.0", "exaone4", "trillion"], [gpt2]),
      (["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"], [digit, gpt2]),
      (["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"], whole),
      (["dbrx", "smaug-bpe", "chatglm-bpe", "glm4"], [llama3]),
      (["qwen2", "deepseek-r1-qwen", "stablelm2", "megrez", "hunyuan", "kormo", "grok-2", "solar-open"], [qwen2]),
      (
        ["qwen35"],
        [
          modern(
            digits: digit, letters: #"[\p{L}\p{M}]+"#, tail: #"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"# + spaces)
        ]
      ),
      (["gpt-4o", "llama4", "kanana2", "minimax-m2"], [gpt4o]),
      (
        ["tekken"],
        WordRules(expressions: [cased(digits: digit, ending: "")], takesWholeWords: true, addsBeginning: true)
      ),
      (["deepseek-v3", "hunyuan-dense"], WordRules(expressions: deepseek3)),
      (
        ["deepseek-coder"],
        ["[\r\n]", #"\s?\p{L}+"#, #"\s?\p{P}+"#, "[一-龥ࠀ-一가-\u{D7FF}]+", digit]
      ),
      (["bailingmoe", "bailingmoe2", "llada-moe"], [bailing]),
      (["seed-coder"], [modern(digits: #"\p{N}{1}"#, tail: #"| ?[^\s\p{L}\p{N}\r\n]+"# + spaces)]),
      (["bloom", "poro-chat", "gpt3-finnish"], [bloom]), (["viking"], [bloom, digit]),
      (["superbpe"], [#"\p{N}+"#, #"(?=(\d{3})+(?!\d))"#]),
      (["tiny_aya"], [#"\d{1,3}(?=(?:\d{3})*\b)"#, gpt4o]),
    ]
    return Dictionary(uniqueKeysWithValues: table.flatMap { names, rules in names.map { ($0, rules) } })
  }()

  private static let bailing =
    #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#
}

extension WordRules: ExpressibleByArrayLiteral {
  init(arrayLiteral expressions: String...) { self.init(expressions: expressions) }
}
