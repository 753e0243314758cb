extension TemplateValue {
  /// `+`, `-`, `*`, `/`, `//`, `%`, `**` and `~` as in Python.
  ///
  /// - Throws: a `ModelError` for values that do not fit the operation.
  static func arithmetic(_ operation: String, _ left: TemplateValue, _ right: TemplateValue) throws -> TemplateValue {
    switch (operation, left, right) {
    case ("~", _, _): return .text(try .joined([left.text, right.text], by: TemplateText()))
    case ("+", .text(let left), .text(let right)): return .text(try .joined([left, right], by: TemplateText()))
    case ("+", .list(let left), .list(let right)):
      guard left.values.count + right.values.count <= countLimit else { throw ModelError("a list that is too long") }
      return .init(left.values + right.values)
    case ("*", .text(let text), .integer(let times)), ("*", .integer(let times), .text(let text)):
      guard times <= 10_000 else { throw ModelError("a text is repeated \(times) times") }
      return .text(try .joined(Array(repeating: text, count: max(0, times)), by: TemplateText()))
    case (_, .integer(let left), .integer(let right)) where operation != "/":
      return .integer(try integer(operation, left, right))
    default: break
    }
    guard let first = left.asNumber, let second = right.asNumber else {
      throw ModelError("'\(left.shown.prefix(40))' \(operation) '\(right.shown.prefix(40))' has no value")
    }
    switch operation {
    case "+": return .number(first + second)
    case "-": return .number(first - second)
    case "*": return .number(first * second)
    case "/" where second != 0: return .number(first / second)
    case "//" where second != 0: return .number((first / second).rounded(.down))
    default: throw ModelError("\(first) \(operation) \(second) has no value")
    }
  }

  private static func integer(_ operation: String, _ left: Int, _ right: Int) throws -> Int {
    let result: (partialValue: Int, overflow: Bool)
    switch operation {
    case "+": result = left.addingReportingOverflow(right)
    case "-": result = left.subtractingReportingOverflow(right)
    case "*": result = left.multipliedReportingOverflow(by: right)
    case "//" where right != 0 && right != -1:
      // Rounded down, as Python does; Swift rounds towards 0.
      let isBelow = left % right != 0 && (left < 0) != (right < 0)
      result = (left / right - (isBelow ? 1 : 0), false)
    case "%" where right != 0 && right != -1:
      let rest = left % right
      result = (rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest, false)
    case "**" where (0...62).contains(right):
      result = try (0..<right).reduce((1, false)) { power, _ in (try integer("*", power.0, left), false) }
    default: throw ModelError("\(left) \(operation) \(right) has no value")
    }
    guard !result.overflow else { throw ModelError("\(left) \(operation) \(right) is too large") }
    return result.partialValue
  }

  func compares(_ operation: String, _ other: TemplateValue) throws -> Bool {
    switch operation {
    case "==": try isEqual(other)
    case "!=": try !isEqual(other)
    case "<": try isLess(other)
    case ">": try other.isLess(self)
    case "<=": try !other.isLess(self)
    case ">=": try !isLess(other)
    case "in": try other.contains(self)
    default: try !other.contains(self)
    }
  }

  /// `value.name`
  func member(_ name: String) throws -> TemplateValue {
    if case .dictionary(let dictionary) = self { return dictionary[name] ?? .undefined }
    if case .undefined = self { throw ModelError("what '\(name)' is asked of is undefined") }
    return .undefined
  }

  /// `value[key]`
  func item(_ key: TemplateValue) throws -> TemplateValue {
    switch (self, key) {
    case (.dictionary(let dictionary), _): return dictionary[key] ?? .undefined
    case (.list(let list), .integer(let index)):
      let place = index < 0 ? list.values.count + index : index
      return list.values.indices.contains(place) ? list.values[place] : .undefined
    case (.text(let text), .integer(let index)):
      let place = index < 0 ? text.units.count + index : index
      return text.units.indices.contains(place) ? .text(text[place..<place + 1]) : .undefined
    case (.undefined, _): throw ModelError("what '\(key.shown.prefix(40))' is asked of is undefined")
    default: return .undefined
    }
  }

  /// `value[start:end:step]`
  func slice(_ start: TemplateValue, _ end: TemplateValue, _ step: TemplateValue) throws -> TemplateValue {
    let count: Int
    switch self {
    case .list(let list): count = list.values.count
    case .text(let text): count = text.units.count
    default: throw ModelError("'\(shown.prefix(40))' has no parts")
    }
    func bound(_ value: TemplateValue, _ fallback: Int, _ least: Int, _ most: Int) throws -> Int {
      guard case .integer(let index) = value else {
        if case .none = value { return fallback }
        throw ModelError("'\(value.shown.prefix(40))' is not an index of a list")
      }
      return min(max(index < 0 ? count + index : index, least), most)
    }
    let stride = try bound(step, 1, -count - 1, count + 1)
    let isBackwards = if case .integer(let step) = step { step < 0 } else { false }
    var places: [Int] = []
    if isBackwards {
      guard case .integer(let step) = step else { return .undefined }
      let first = try bound(start, count - 1, -1, count - 1)
      let last = try bound(end, -1, -1, count - 1)
      places = Array(Swift.stride(from: first, to: last, by: step))
    } else {
      guard stride > 0 else { throw ModelError("the step of a slice is 0") }
      places = Array(Swift.stride(from: try bound(start, 0, 0, count), to: try bound(end, count, 0, count), by: stride))
    }
    switch self {
    case .list(let list): return .init(places.map { list.values[$0] })
    case .text(let text): return .text(TemplateText(units: places.map { text.units[$0] }))
    default: return .undefined
    }
  }

  /// `value is name(arguments)`
  func passes(_ name: String, _ arguments: [TemplateValue]) throws -> Bool {
    switch (name, self) {
    case ("defined", .undefined): return false
    case ("defined", _): return true
    case ("undefined", .undefined): return true
    case ("none", .none), ("string", .text), ("mapping", .dictionary), ("boolean", .boolean): return true
    case ("number", .integer), ("number", .number), ("number", .boolean), ("integer", .integer), ("float", .number):
      return true
    case ("iterable", .list), ("iterable", .dictionary), ("iterable", .text), ("sequence", .list), ("sequence", .text):
      return true
    case ("sequence", .dictionary), ("iterable", .undefined), ("sequence", .undefined), ("callable", .macro):
      return true
    case ("true", .boolean(let value)): return value
    case ("false", .boolean(let value)): return !value
    case ("odd", .integer(let value)): return value % 2 != 0
    case ("even", .integer(let value)): return value % 2 == 0
    case ("undefined", _), ("none", _), ("string", _), ("mapping", _), ("boolean", _), ("number", _), ("integer", _),
      ("float", _), ("iterable", _), ("sequence", _), ("callable", _), ("true", _), ("false", _):
      return false
    default: break
    }
    guard let argument = arguments.first else { throw ModelError("the test '\(name)' is not known") }
    switch name {
    case "equalto", "eq": return try isEqual(argument)
    case "ne": return try !isEqual(argument)
    case "in": return try argument.contains(self)
    case "lt", "lessthan": return try isLess(argument)
    case "gt", "greaterthan": return try argument.isLess(self)
    case "divisibleby": return try TemplateValue.arithmetic("%", self, argument).isEqual(.integer(0))
    default: throw ModelError("the test '\(name)' is not known")
    }
  }
}
