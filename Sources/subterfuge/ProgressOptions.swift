import ArgumentParser

/// Options that choose how much a command says about its work.
struct ProgressOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print results and errors only. The log file of the run still has every line.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print progress every ten seconds, and every metric of a training round.")
  var verbose = false

  /// How much a command says about its work.
  enum Detail { case quiet, usual, verbose }

  var detail: Detail { quiet ? .quiet : verbose ? .verbose : .usual }

  func validate() throws {
    if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
  }
}
