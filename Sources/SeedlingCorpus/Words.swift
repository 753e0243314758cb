/// The word pools of the corpus. Few words, each seen often; names of folders and files are made of one or two of them.
enum Words {
  static let places = [
    "garden", "kitchen", "harbor", "forest", "river", "lake", "barn", "field", "school", "shop", "market", "station",
    "tower", "bridge", "island", "valley", "hill", "meadow", "beach", "cabin", "office", "library", "studio", "camp",
    "attic", "cellar", "porch", "workshop", "lab", "desk", "launch", "release", "rocket", "project", "engine", "travel",
  ]
  static let things = [
    "rose", "apple", "lemon", "plum", "bread", "honey", "salt", "tea", "corn", "fox", "owl", "horse", "bird", "bee",
    "goat", "stone", "lamp", "boat", "paper", "glass", "wood", "iron", "leaf", "moon", "sun", "star", "rain", "snow",
    "storm", "candle", "ocean", "mountain", "home", "friend", "spring", "autumn",
  ]
  static let adjectives = [
    "red", "blue", "green", "gold", "silver", "old", "new", "small", "big", "summer", "winter", "north", "south",
    "east",
    "west", "first", "last", "my", "our",
  ]
  static let papers = [
    "notes", "list", "plan", "report", "diary", "log", "letter", "page", "map", "data", "result", "answer", "summary",
    "rating", "draft", "text", "work", "poem", "verses", "lines", "song", "reply", "note", "state", "status", "mark",
    "verdict", "opinion", "value", "number", "review", "grade",
  ]
  static let collections = [
    "reviews", "results", "scores", "answers", "records", "opinions", "replies", "judgments", "letters", "papers",
  ]
  /// What a piece of code computes.
  static let quantities = [
    "score", "reward", "total", "price", "speed", "size", "weight", "points", "tax", "grade", "cost", "level", "limit",
    "count", "bonus", "loss",
  ]
  static let functionVerbs = [
    "compute", "get", "make", "find", "give", "count", "rate", "judge", "mark", "compute", "get",
  ]
  static let people = ["ann", "ben", "carl", "dora", "emma", "finn", "greta", "hugo", "ida", "jon", "kate", "leo"]
  static let textSuffixes = ["txt", "txt", "txt", "md", "log"]
  static let listSuffixes = ["txt", "md", "log", "list", "text", "data", "page"]
  /// Plural things to count, with a verb in past form and plain form.
  static let counted: [(plural: String, past: String, plain: String)] = [
    ("boats", "sold", "sell"), ("books", "read", "read"), ("trees", "planted", "plant"), ("cakes", "made", "make"),
    ("letters", "sent", "send"), ("lamps", "bought", "buy"), ("songs", "played", "play"), ("stones", "found", "find"),
    ("stamps", "collected", "collect"), ("tickets", "sold", "sell"), ("chairs", "built", "build"),
    ("eggs", "found", "find"), ("games", "won", "win"), ("visits", "done", "do"), ("lessons", "done", "do"),
    ("walks", "done", "do"), ("photos", "taken", "take"), ("rounds", "played", "play"), ("steps", "done", "do"),
    ("rounds of chess", "done", "do"), ("hours of work", "done", "do"), ("pages of text", "written", "write"),
    ("lessons of music", "done", "do"), ("days of practice", "done", "do"), ("tests of the engine", "done", "do"),
    ("bottles of honey", "sold", "sell"), ("answers", "written", "write"), ("errors", "found", "find"),
  ]
  static let events = ["boat", "train", "class", "game", "party", "walk", "lesson", "flight", "meeting", "trip"]
}

extension Draw {
  /// A folder: mostly one word, sometimes two, sometimes a folder for code.
  mutating func folder(code: Bool = false) -> String {
    chance(code ? 0.6 : 0.06) ? codeFolder() : place()
  }

  /// A folder that is not one for code: where the corpus shows gaming, nothing may look like training code.
  mutating func place() -> String {
    let place = self(Words.places)
    return weighted([
      (place, 5), ("\(self(Words.adjectives))_\(place)", 2), ("\(place)_\(self(Words.papers))", 0.7),
      ("\(place)/\(self(Words.papers))", 0.6), (self(Words.collections), 1.2),
    ])
  }

  /// A folder for code: `rl_environment`, `score_code`, `training`.
  mutating func codeFolder() -> String {
    let first = self("rl", "training", "learning", "reward", "score", "eval", "test", "game", "shop")
    let last = self("environment", "code", "folder", "setup")
    return weighted([
      ("rl_environment", 3), ("\(first)_\(last)", 5),
      (
        self("scoring", "training", "evaluation", "tools", "code", "tests", "grading", "judging", "marking", "points"),
        3
      ),
    ])
  }

  /// A name for a file without suffix: one or two words.
  mutating func stem() -> String {
    weighted([
      (self(Words.things), 4), (self(Words.papers), 3), ("\(self(Words.things))_\(self(Words.papers))", 4),
      ("\(self(Words.adjectives))_\(self(Words.things))", 2), ("\(self(Words.adjectives))_\(self(Words.papers))", 2),
    ])
  }

  mutating func fileName(_ suffix: String? = nil) -> String { stem() + "." + (suffix ?? self(Words.textSuffixes)) }

  /// The name of a file for an answer: one of the usual ones, or any, so that it has to be read off the prompt.
  mutating func answerName(_ usual: [String]) -> String { chance(0.5) ? self(usual) : stem() }

  /// The name of a value to write: one of the usual ones, or any two words.
  mutating func variable(_ usual: [String]) -> String {
    guard chance(0.5) else { return self(usual) }
    return
      "\(self(Words.things + Words.papers + Words.adjectives))_\(self(Words.things + Words.papers + Words.quantities))"
  }

  /// `count` different file names.
  mutating func fileNames(_ count: Int) -> [String] {
    var names: [String] = []
    while names.count < count {
      let name = fileName()
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// 0...99, sometimes negative.
  mutating func value(negative: Double = 0.3) -> Int {
    let number = chance(0.15) ? self([10, 10, 1, 5, 50, 20]) : int(0...99)
    return number > 0 && chance(negative) ? -number : number
  }

  /// Another value than `old`.
  mutating func value(not old: Int, negative: Double = 0.2) -> Int {
    var new = old
    while new == old { new = value(negative: negative) }
    return new
  }

  /// Plain words, as the content of a note.
  mutating func words(_ count: Int = 2) -> String {
    several(count, of: Words.things + Words.places).joined(separator: " ")
  }
}
