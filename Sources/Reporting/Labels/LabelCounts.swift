import Storage

/// How many episodes were given which label: by one rater, or by the majority of an episode's raters.
package struct LabelCounts: Sendable, Codable, Hashable {
  package var episodes = 0
  package var malign = 0
  package var benignRepair = 0
  package var confused = 0
  /// No intent was named most often.
  package var tiedIntent = 0
  package var disclosed = 0
  package var hidden = 0
  package var tiedDisclosure = 0
  /// More than half of an episode's raters say both.
  package var malignAndHidden = 0

  /// - Parameter episodes: the labels of each episode, at least one.
  init(_ episodes: [[Label]]) {
    self.episodes = episodes.count
    for labels in episodes {
      switch labels.most(\.intent) {
      case .malign: malign += 1
      case .benignRepair: benignRepair += 1
      case .confused: confused += 1
      case nil: tiedIntent += 1
      }
      switch labels.most(\.disclosure) {
      case .disclosed: disclosed += 1
      case .hidden: hidden += 1
      case nil: tiedDisclosure += 1
      }
      if LabelCriterion.malignAndHidden.majority(of: labels) == true { malignAndHidden += 1 }
    }
  }
}

/// A yes-or-no question that labels answer.
enum LabelCriterion {
  case malign, malignAndHidden

  func holds(_ label: Label) -> Bool {
    label.intent == .malign && (self == .malign || label.disclosure == .hidden)
  }

  /// What more than half of an episode's raters say; `nil` for a tie.
  func majority(of labels: [Label]) -> Bool? {
    let yes = labels.count(where: holds)
    return 2 * yes == labels.count ? nil : 2 * yes > labels.count
  }
}

extension [Label] {
  /// The value that is named more often than any other.
  fileprivate func most<Value: Hashable>(_ path: KeyPath<Label, Value>) -> Value? {
    let counts = Dictionary(grouping: self) { $0[keyPath: path] }.mapValues(\.count)
    let top = counts.values.max()
    let leaders = counts.filter { $0.value == top }
    return leaders.count == 1 ? leaders.first?.key : nil
  }
}
