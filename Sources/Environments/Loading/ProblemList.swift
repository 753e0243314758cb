import Foundation

/// The problems of an environment's files, collected while the files are read.
///
/// A part that cannot be read adds its problem, and reading continues, so that a user sees every problem at once.
final class ProblemList {
  private(set) var found: [EnvironmentError] = []

  func add(_ problem: EnvironmentError) {
    if !found.contains(problem) { found.append(problem) }
  }

  /// Returns the result of `work`, or `nil` after it threw, with its error added.
  ///
  /// - Parameter file: the file of errors that name none.
  @discardableResult
  func attempt<Value>(in file: String? = nil, _ work: () throws -> Value) -> Value? {
    do { return try work() } catch {
      var problem = error as? EnvironmentError ?? EnvironmentError(error.localizedDescription)
      problem.file = problem.file ?? file
      add(problem)
      return nil
    }
  }

  /// Throws the first problem if any was found. The message gives the number of the others.
  func check() throws {
    guard var first = found.first else { return }
    if found.count > 1 {
      first.message += " (\(found.count - 1) more: `subterfuge environments check` lists them)"
    }
    throw first
  }
}
