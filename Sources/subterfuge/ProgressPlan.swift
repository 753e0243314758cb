/// The pieces of work of a whole run, in order, for the place of each in the progress.
struct ProgressPlan: Sendable {
  private let places: [String: String]

  /// - Parameter steps: the title of each piece of work, and its episodes.
  init(_ steps: [(title: String, episodes: Int)] = []) {
    let total = max(1, steps.reduce(0) { $0 + $1.episodes })
    var before = 0
    places = steps.enumerated().reduce(into: [:]) { places, step in
      let share = 100 * before / total
      places[step.element.title] = "step \(step.offset + 1) of \(steps.count) (\(share) %)  "
      before += step.element.episodes
    }
  }

  /// `step 7 of 40 (12 %)`, where the share is of the episodes before the step; empty for work outside the plan.
  func place(of title: String) -> String { places[title] ?? "" }
}
