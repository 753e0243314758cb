import Training

/// Tells whoever watches how training goes on, from the first step that this process takes.
final class TrainingReporter {
  private let title: String
  private let report: (RunEvent) -> Void
  private var isAnnounced = false

  init(title: String, report: @escaping (RunEvent) -> Void) {
    self.title = title
    self.report = report
  }

  func step(_ step: Int, of steps: Int) -> TrainingVerdict {
    if !isAnnounced { report(.began(title, total: steps, done: step - 1)) }
    isAnnounced = true
    report(.advanced(done: step))
    return .more
  }

  func end() {
    if isAnnounced { report(.ended(title)) }
  }
}
