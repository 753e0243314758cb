import Episodes
import Storage

/// What a log of Inspect says of all of its samples.
struct InspectHeader: Sendable {
  /// The newest version of the format that can be read.
  private static let version = 2

  var status: String
  var task: String
  var model: String
  /// The IDs of the data set in its order, as far as the log names them.
  var sampleIDs: [LoggedEpisode.ID]
  /// What identifies the run that was exported as this log.
  var run: String?

  /// - Parameter json: the members of the log before its samples.
  /// - Throws: `SampleComplaint` if the file is not a log, has another version, or is still being written.
  init(_ json: OrderedJSON) throws(SampleComplaint) {
    guard let eval = json["eval"], let version = json["version"]?.double else {
      throw SampleComplaint("it is not a log of Inspect: 'version' or 'eval' is missing before the samples")
    }
    guard version <= Double(Self.version) else {
      throw SampleComplaint(
        "it has the version \(version) of the format, and this program reads up to \(Self.version). Update it")
    }
    status = json["status"]?.string ?? "success"
    if status == "started" { throw Self.unfinished }
    guard ["success", "cancelled", "error"].contains(status) else {
      throw SampleComplaint("its status is '\(status.prefix(40))'; success, cancelled and error are known")
    }
    guard let task = eval["task"]?.string, let model = eval["model"]?.string else {
      throw SampleComplaint("it does not name its task and its model")
    }
    self.task = task
    self.model = model
    run = eval["metadata"]?["configuration_sha256"]?.string
    sampleIDs = (eval["dataset"]?["sample_ids"]?.array ?? []).compactMap(LoggedEpisode.ID.init)
  }

  static let unfinished = SampleComplaint(
    "the log is still being written (its status is 'started'). Wait for the evaluation to end, or close the log of one that "
      + "was killed: inspect log recover")

  /// The place of the samples. Each model is a checkpoint, and each task is an environment.
  var cell: Cell {
    Cell(
      checkpoint: LoggedName(model).text, environment: LoggedName(task).text, arm: .standard, purpose: "evaluation")
  }
}

extension LoggedEpisode.ID {
  init?(_ json: OrderedJSON) {
    switch json {
    case .integer(let number): self = .number(number)
    case .string(let text): self = .text(text)
    default: return nil
    }
  }
}
