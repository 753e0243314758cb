/// Reads a regular expression and compiles it. What is not understood is an error: a rule that was read wrongly would
/// change ids without a word.
struct WordPatternParser {
  private indirect enum Node {
    case set(ScalarSet)
    case sequence([Node])
    case choice([Node])
    /// `most` and fewer, as long as it matches; the fewest first when it is lazy.
    case repeated(Node, least: Int, most: Int, isLazy: Bool)
    case look(Node, isPresent: Bool)
    case atomic(Node)
    case lineEnd, wordBoundary
  }

  private let expression: [Unicode.Scalar]
  private var index = 0
  private var ignoresCase = false
  /// Groups and classes that are open.
  private var depth = 0
  private var sets: [ScalarSet] = []
  private var programs: [[WordPattern.Step]] = []

  private init(_ expression: String) { self.expression = Array(expression.unicodeScalars) }

  /// The pattern of a regular expression.
  ///
  /// - Throws: a `ModelError` when it holds what is not known here.
  static func pattern(_ expression: String) throws -> WordPattern {
    var parser = WordPatternParser(expression)
    let node = try parser.choice()
    guard parser.peek == nil else { throw parser.failure() }
    let program = try parser.compile(node)
    return WordPattern(sets: parser.sets, programs: parser.programs + [program])
  }

  private var peek: Unicode.Scalar? { index < expression.count ? expression[index] : nil }

  private mutating func next() throws -> Unicode.Scalar {
    guard let scalar = peek else { throw failure() }
    index += 1
    return scalar
  }

  private mutating func take(_ text: String) -> Bool {
    guard expression[index...].starts(with: text.unicodeScalars) else { return false }
    index += text.unicodeScalars.count
    return true
  }

  private func failure() -> ModelError {
    var rest = String.UnicodeScalarView()
    rest.append(contentsOf: expression.dropFirst(index).prefix(40))
    return ModelError(
      "its pre-tokenizer cuts text by a regular expression that cannot be read, at character \(index + 1): "
        + "'\(String(rest))'.")
  }

  // MARK: Reading

  private mutating func choice() throws -> Node {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws -> Node {
    var nodes: [Node] = []
    while let scalar = peek, scalar != "|", scalar != ")" { nodes.append(try repeated(atom())) }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func repeated(_ node: Node) throws -> Node {
    var node = node
    while let (least, most, isInterval) = try quantifier() {
      // As in Ruby, `{1,3}+` is a repetition of a repetition, and `++` keeps what it took.
      if isInterval && peek == "?" && least == most { throw failure() }
      let isLazy = take("?")
      node = .repeated(node, least: least, most: most, isLazy: isLazy)
      if !isLazy, !isInterval, take("+") { node = .atomic(node) }
    }
    return node
  }

  private mutating func quantifier() throws -> (least: Int, most: Int, isInterval: Bool)? {
    if take("?") { return (0, 1, false) }
    if take("*") { return (0, .max, false) }
    if take("+") { return (1, .max, false) }
    guard peek == "{" else { return nil }
    index += 1
    let least = number()
    let most = take(",") ? number() ?? .max : least
    guard take("}"), let most, least != nil || most != .max, most >= least ?? 0, least ?? 0 <= 1000 else {
      throw failure()
    }
    return (least ?? 0, most, true)
  }

  private mutating func number() -> Int? {
    let start = index
    while let scalar = peek, ("0"..."9").contains(scalar), index - start < 4 { index += 1 }
    return Int(String(String.UnicodeScalarView(expression[start..<index])))
  }

  private mutating func atom() throws -> Node {
    if take("[") { return .set(cased(try setBody())) }
    if take("(") { return try group() }
    if take("$") { return .lineEnd }
    if take(".") { return .set(ScalarSet(ranges: [0x0A...0x0A]).negated) }
    if take("\\") {
      if take("b") { return .wordBoundary }
      return .set(cased(try escape()))
    }
    guard let scalar = peek, !"*+?{}^)]".unicodeScalars.contains(scalar) else { throw failure() }
    index += 1
    return .set(cased(ScalarSet(ranges: [scalar.value...scalar.value])))
  }

  private func cased(_ set: ScalarSet) -> ScalarSet { ignoresCase ? set.ignoringCase : set }

  private mutating func group() throws -> Node {
    let outer = ignoresCase
    try open()
    defer { (ignoresCase, depth) = (outer, depth - 1) }
    var wrap: (Node) -> Node = { $0 }
    if take("?=") {
      wrap = { .look($0, isPresent: true) }
    } else if take("?!") {
      wrap = { .look($0, isPresent: false) }
    } else if take("?>") {
      wrap = { .atomic($0) }
    } else if take("?i:") {
      ignoresCase = true
    } else if !take("?:") && peek == "?" {
      throw failure()
    }
    let body = try choice()
    guard take(")") else { throw failure() }
    return wrap(body)
  }

  /// Counts a group or a class in; no model's rule has many in each other, and the stack is finite.
  private mutating func open() throws {
    guard depth < 50 else { throw failure() }
    depth += 1
  }

  /// A class behind its bracket.
  private mutating func setBody() throws -> ScalarSet {
    try open()
    defer { depth -= 1 }
    let isNegated = take("^")
    var parts: [ScalarSet] = []
    var limits: [ScalarSet] = []
    while !take("]") {
      if take("&&") {
        limits.append(ScalarSet(parts: parts))
        parts = []
      } else if take("[") {
        parts.append(try setBody())
      } else {
        parts.append(try member())
      }
    }
    let set = limits.reduce(ScalarSet(parts: parts)) { $0.intersection($1) }
    return isNegated ? set.negated : set
  }

  /// A character, a range or an escape of a class.
  private mutating func member() throws -> ScalarSet {
    let isEscaped = take("\\")
    if isEscaped, let scalar = peek, "pPsSdDwW".unicodeScalars.contains(scalar) { return try escape() }
    let first = try isEscaped ? escaped() : next()
    guard peek == "-", index + 1 < expression.count, expression[index + 1] != "]" else {
      return ScalarSet(ranges: [first.value...first.value])
    }
    index += 1
    let last = try take("\\") ? escaped() : next()
    guard first.value <= last.value else { throw failure() }
    return ScalarSet(ranges: [first.value...last.value])
  }

  /// A set behind a backslash.
  private mutating func escape() throws -> ScalarSet {
    let start = index
    switch try next() {
    case "s": return ScalarSet(.space)
    case "S": return ScalarSet(.space).negated
    case "d": return ScalarSet(.digit)
    case "D": return ScalarSet(.digit).negated
    case "p": return try category()
    case "P": return try category().negated
    default:
      index = start
      let scalar = try escaped()
      return ScalarSet(ranges: [scalar.value...scalar.value])
    }
  }

  private mutating func category() throws -> ScalarSet {
    guard take("{") else { throw failure() }
    let isNegated = take("^")
    let start = index
    while let scalar = peek, scalar != "}" { index += 1 }
    let kinds = ScalarKind.categories(String(String.UnicodeScalarView(expression[start..<index])))
    guard index > start, !kinds.isEmpty else {
      index = start
      throw failure()
    }
    index += 1
    return isNegated ? ScalarSet(kinds).negated : ScalarSet(kinds)
  }

  /// A character behind a backslash.
  private mutating func escaped() throws -> Unicode.Scalar {
    let scalar = try next()
    switch scalar {
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "f": return "\u{C}"
    case "v": return "\u{B}"
    default:
      // Letters and digits behind a backslash mean something that is not known here.
      guard scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else {
        index -= 1
        throw failure()
      }
      return scalar
    }
  }

  // MARK: Compiling

  private mutating func compile(_ node: Node) throws -> [WordPattern.Step] {
    switch node {
    case .set(let set): return [.one(index(of: set))]
    case .sequence(let nodes): return try nodes.flatMap { try compile($0) }
    case .choice(let branches): return try compile(branches: branches)
    case .repeated(.set(let set), let least, let most, isLazy: false):
      return [.run(index(of: set), least: least, most: most)]
    case .repeated(let body, let least, let most, let isLazy): return try compile(body, least, most, isLazy)
    case .look(let body, let isPresent): return [.look(try program(body), isPresent: isPresent)]
    case .atomic(let body): return [.atomic(try program(body))]
    case .lineEnd: return [.lineEnd]
    case .wordBoundary: return [.wordBoundary]
    }
  }

  private mutating func index(of set: ScalarSet) -> Int {
    if let index = sets.firstIndex(of: set) { return index }
    sets.append(set)
    return sets.count - 1
  }

  private mutating func program(_ node: Node) throws -> Int {
    let program = try compile(node)
    programs.append(program)
    return programs.count - 1
  }

  private mutating func compile(branches: [Node]) throws -> [WordPattern.Step] {
    var steps = try compile(branches[branches.count - 1])
    for branch in branches.dropLast().reversed() {
      let first = try compile(branch)
      steps = [.split(1, first.count + 2)] + first + [.jump(steps.count + 1)] + steps
    }
    return steps
  }

  private mutating func compile(_ body: Node, _ least: Int, _ most: Int, _ isLazy: Bool) throws -> [WordPattern.Step] {
    // A loop whose body matches nothing would not end; and long bodies are not written out a thousand times.
    guard !Self.canBeEmpty(body) || most != .max, most == .max || most <= 64, least <= 64 else { throw failure() }
    let steps = try compile(body)
    guard steps.count * (most == .max ? least + 1 : most) <= 10_000 else { throw failure() }
    let required = (0..<least).flatMap { _ in steps }
    func split(_ other: Int) -> WordPattern.Step { isLazy ? .split(other, 1) : .split(1, other) }
    if most == .max { return required + [split(steps.count + 2)] + steps + [.jump(-steps.count - 1)] }
    var optional: [WordPattern.Step] = []
    for _ in least..<most { optional = [split(steps.count + optional.count + 1)] + steps + optional }
    return required + optional
  }

  /// Whether the node can match nothing.
  private static func canBeEmpty(_ node: Node) -> Bool {
    switch node {
    case .set: false
    case .sequence(let nodes): nodes.allSatisfy(canBeEmpty)
    case .choice(let branches): branches.contains(where: canBeEmpty)
    case .repeated(let body, let least, _, _): least == 0 || canBeEmpty(body)
    case .atomic(let body): canBeEmpty(body)
    case .look, .lineEnd, .wordBoundary: true
    }
  }
}
