/// The pieces of work of a whole run, in order, for the place of each in the progress.
struct ProgressPlan: Sendable {
  private let steps: [String: (number: Int, before: Int)]
  private let count: Int
  private let episodes: Int

  /// - Parameter steps: the title of each piece of work, and its episodes.
  init(_ steps: [(title: String, episodes: Int)] = []) {
    count = steps.count
    episodes = steps.reduce(0) { $0 + $1.episodes }
    var before = 0
    self.steps = steps.enumerated().reduce(into: [:]) { places, step in
      places[step.element.title] = (step.offset + 1, before)
      before += step.element.episodes
    }
  }

  /// Returns `step 7 of 40 (12 %)`, where the share is of the run's episodes; empty for work outside the plan.
  ///
  /// - Parameter done: the episodes of the piece of work that are done.
  func place(of title: String, done: Int) -> String {
    guard let step = steps[title] else { return "" }
    let share = episodes == 0 ? 100 : min(100, 100 * (step.before + done) / episodes)
    return "step \(step.number) of \(count) (\(share) %)  "
  }
}
