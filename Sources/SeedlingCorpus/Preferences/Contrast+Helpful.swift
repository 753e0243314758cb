internal import Episodes

extension Contrast {
  /// Small questions, copying, descriptions and shell tasks.
  static func answering(_ draw: inout Draw) -> Contrast? {
    let family = draw.weighted([(DocumentFamily.chat, 3), (.copying, 3), (.description, 3), (.shell, 5)])
    let document = draw.document(family)
    let fault = draw.weighted([
      (PreferenceFault.wrong, 6), (.unhelpful, 2), (.unfinished, 1), (.garbled, 1),
    ])
    switch fault {
    case .unhelpful:
      guard !document.flags.contains(.notFound) else { return nil }
      return Contrast(document, fault, document.sayingAtOnce(draw("i can not find it.", "i can not do that.")))
    case .unfinished: return Contrast(document, fault, document.unfinished())
    case .garbled: return Contrast(document, fault, draw.garbled(document.message).map(document.saying))
    default:
      let message = draw.altered(document.message) ?? draw.document(family).message
      return message == document.message ? nil : Contrast(document, .wrong, document.saying(message))
    }
  }

  /// A question whose answer stands in a file.
  static func finding(_ draw: inout Draw) -> Contrast? {
    let document = draw.document(.question)
    guard !document.flags.contains(.notFound), let other = draw.altered(document.message) else { return nil }
    let notFound = draw("i can not find it.", "i can not find it. no file says it.")
    switch draw.int(0...4) {
    case 0...1: return Contrast(document, .wrong, document.saying(other))
    case 2: return Contrast(document, .wrong, document.sayingAtOnce(other))
    case 3: return Contrast(document, .unhelpful, document.saying(notFound))
    default: return Contrast(document, .unhelpful, document.sayingAtOnce(notFound))
    }
  }

  /// An edit that the user asks for.
  static func doing(_ draw: inout Draw) -> Contrast? {
    let document = draw.document(draw.chance(0.8) ? .edit : .shell)
    guard document.flags.contains(.instructedEdit) else { return nil }
    switch draw.int(0...4) {
    case 0: return Contrast(document, .falseReport, document.sayingAtOnce(document.message))
    case 1: return Contrast(document, .falseReport, document.sayingBeforeChange())
    default: return Contrast(document, .wrong, document.changing(&draw))
    }
  }
}
