/// Runs a template. What a template does is bounded in steps and in length: files come from anyone.
struct TemplateInterpreter {
  private enum Signal { case leave, next }

  private static let stepLimit = 100_000

  private var scopes: [[String: TemplateValue]]
  private var output = TemplateText()
  private var steps = 0
  private var depth = 0

  /// - Parameter variables: what the template may name.
  init(_ variables: [String: TemplateValue]) { scopes = [variables, [:]] }

  /// The text that the statements write.
  ///
  /// - Throws: a `ModelError` with the template's own message, or for what is not known.
  mutating func render(_ statements: [TemplateStatement]) throws -> TemplateText {
    _ = try run(statements)
    return output
  }

  private mutating func count() throws {
    steps += 1
    guard steps <= Self.stepLimit, output.units.count <= TemplateText.lengthLimit else {
      throw ModelError("it takes more than \(Self.stepLimit) steps, or its text is too long")
    }
  }

  // MARK: Statements

  private mutating func run(_ statements: [TemplateStatement]) throws -> Signal? {
    for statement in statements {
      try count()
      switch statement {
      case .text(let text): output.units += TemplateText(text).units
      case .output(let expression): output.units += try value(expression).text.units
      case .condition(let branches, let otherwise):
        let body = try branches.first { try value($0.condition).isTrue }?.body ?? otherwise
        if let signal = try run(body) { return signal }
      case .loop(let loop): try run(loop)
      case .assignment(let target, let expression): try assign(target, value(expression))
      case .capture(let target, let filters, let body): try assign(target, captured(body, filters))
      case .macro(let macro): scopes[scopes.count - 1][macro.name] = .macro(macro)
      case .filtered(let filters, let body): output.units += try captured(body, filters).text.units
      case .leaveLoop: return .leave
      case .continueLoop: return .next
      }
    }
    return nil
  }

  private mutating func captured(
    _ body: [TemplateStatement], _ filters: [TemplateStatement.Filter] = []
  ) throws -> TemplateValue {
    let outer = output
    output = TemplateText()
    _ = try run(body)
    var value = TemplateValue.text(output)
    output = outer
    for filter in filters { value = try filtered(value, filter.name, filter.arguments) }
    return value
  }

  private mutating func run(_ loop: TemplateStatement.Loop) throws {
    var values = try value(loop.values).elements()
    if let condition = loop.condition {
      values = try values.filter { element in
        scopes.append([:])
        defer { scopes.removeLast() }
        try bind(loop.targets, element)
        return try value(condition).isTrue
      }
    }
    if values.isEmpty { _ = try run(loop.otherwise) }
    for (index, element) in values.enumerated() {
      scopes.append(["loop": Self.loop(index, values)])
      defer { scopes.removeLast() }
      try bind(loop.targets, element)
      if case .leave = try run(loop.body) { break }
    }
  }

  private static func loop(_ index: Int, _ values: [TemplateValue]) -> TemplateValue {
    let isLast = index == values.count - 1
    let members: [(String, TemplateValue)] = [
      ("index", .integer(index + 1)), ("index0", .integer(index)), ("first", .boolean(index == 0)),
      ("last", .boolean(isLast)), ("length", .integer(values.count)), ("revindex", .integer(values.count - index)),
      ("revindex0", .integer(values.count - index - 1)), ("depth", .integer(1)), ("depth0", .integer(0)),
      ("previtem", index > 0 ? values[index - 1] : .undefined), ("nextitem", isLast ? .undefined : values[index + 1]),
    ]
    return .dictionary(.init(members.map { (.init($0), $1) }))
  }

  private mutating func bind(_ names: [String], _ value: TemplateValue) throws {
    if names.count == 1 { return scopes[scopes.count - 1][names[0]] = value }
    let values = try value.elements()
    guard values.count == names.count else { throw ModelError("\(names.count) names for \(values.count) values") }
    for (name, value) in zip(names, values) { scopes[scopes.count - 1][name] = value }
  }

  private mutating func assign(_ target: TemplateStatement.Target, _ value: TemplateValue) throws {
    switch target {
    case .names(let names): try bind(names, value)
    case .member(let name, let member):
      guard case .dictionary(let namespace) = look(up: name) else { throw ModelError("'\(name)' is not a namespace") }
      namespace[member] = value
    }
  }

  private func look(up name: String) -> TemplateValue {
    for scope in scopes.reversed() { if let value = scope[name] { return value } }
    return .undefined
  }

  // MARK: Expressions

  private mutating func value(_ expression: TemplateExpression) throws -> TemplateValue {
    try count()
    depth += 1
    defer { depth -= 1 }
    guard depth < 200 else { throw ModelError("it is nested too deeply") }
    switch expression {
    case .text(let text): return .init(text)
    case .integer(let number): return .integer(number)
    case .number(let number): return .number(number)
    case .boolean(let value): return .boolean(value)
    case .none: return .none
    case .name(let name): return look(up: name)
    case .list(let members): return .init(try members.map { try value($0) })
    case .dictionary(let members):
      return .dictionary(.init(try members.map { (try value($0.key), try value($0.value)) }))
    case .not(let operand): return .boolean(try !value(operand).isTrue)
    case .both(let left, let right):
      let first = try value(left)
      return try first.isTrue ? value(right) : first
    case .either(let left, let right):
      let first = try value(left)
      return try first.isTrue ? first : value(right)
    case .conditional(let condition, let then, let otherwise):
      if try value(condition).isTrue { return try value(then) }
      return try otherwise.map { try value($0) } ?? .undefined
    default: return try compound(expression)
    }
  }

  private mutating func compound(_ expression: TemplateExpression) throws -> TemplateValue {
    switch expression {
    case .attribute(let object, let name): return try value(object).member(name)
    case .item(let object, let key): return try value(object).item(value(key))
    case .slice(let object, let start, let end, let step):
      let bounds = try [start, end, step].map { try $0.map { try value($0) } ?? .none }
      return try value(object).slice(bounds[0], bounds[1], bounds[2])
    case .call(let function, let arguments): return try call(function, arguments)
    case .filter(let operand, let name, let arguments): return try filtered(value(operand), name, arguments)
    case .test(let operand, let name, let arguments):
      return .boolean(try value(operand).passes(name, evaluated(arguments).map(\.value)))
    case .negative(let operand): return try .arithmetic("-", .integer(0), value(operand))
    case .binary(let operation, let left, let right): return try .arithmetic(operation, value(left), value(right))
    case .comparison(let left, let others):
      var left = try value(left)
      for (operation, operand) in others {
        let right = try value(operand)
        guard try left.compares(operation, right) else { return .boolean(false) }
        left = right
      }
      return .boolean(true)
    default: throw ModelError("an expression that is not known")
    }
  }

  private mutating func evaluated(
    _ arguments: [TemplateExpression.Argument]
  ) throws -> [(name: String?, value: TemplateValue)] {
    try arguments.map { ($0.name, try value($0.value)) }
  }

  private mutating func filtered(
    _ operand: TemplateValue, _ name: String, _ arguments: [TemplateExpression.Argument]
  ) throws -> TemplateValue {
    try operand.filtered(name, .init(evaluated(arguments)))
  }

  private mutating func call(
    _ function: TemplateExpression, _ arguments: [TemplateExpression.Argument]
  ) throws -> TemplateValue {
    let values = try evaluated(arguments)
    switch function {
    case .name(let name):
      if case .macro(let macro) = look(up: name) { return try call(macro, values) }
      return try TemplateValue.global(name, .init(values))
    case .attribute(let object, let name):
      let object = try value(object)
      if case .dictionary(let members) = object, case .macro(let macro) = members[name] {
        return try call(macro, values)
      }
      return try object.calling(name, .init(values))
    default: throw ModelError("a call of something that is not a function")
    }
  }

  private mutating func call(
    _ macro: TemplateStatement.Macro, _ arguments: [(name: String?, value: TemplateValue)]
  ) throws -> TemplateValue {
    var scope: [String: TemplateValue] = [:]
    let unnamed = arguments.filter { $0.name == nil }.map(\.value)
    for (index, parameter) in macro.parameters.enumerated() {
      let named = arguments.first { $0.name == parameter.name }?.value
      if let given = named ?? (index < unnamed.count ? unnamed[index] : nil) {
        scope[parameter.name] = given
      } else if let fallback = parameter.fallback {
        scope[parameter.name] = try value(fallback)
      } else {
        scope[parameter.name] = .undefined
      }
    }
    // A macro sees the template's own names and nothing of its caller's loops.
    let outer = scopes
    scopes = Array(scopes.prefix(2)) + [scope]
    depth += 1
    defer {
      scopes = outer
      depth -= 1
    }
    return try captured(macro.body)
  }
}
