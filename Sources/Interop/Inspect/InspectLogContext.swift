import Episodes
import Storage

/// What all samples of a log share.
struct InspectLogContext {
  let run: ExportedRun
  let cell: Cell

  /// The model's name in Inspect's form, provider and model.
  var model: String { "subterfuge/\(cell.checkpoint)" }

  /// The environment; the arm and the purpose follow where they are not the usual ones.
  var task: String {
    let parts = [
      cell.environment, cell.arm == .standard ? "" : cell.arm.rawValue,
      cell.purpose == "evaluation" ? "" : cell.purpose,
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "_")
  }

  /// An identifier that is this log's own.
  func identifier(_ parts: String...) -> String {
    let path = "\(cell.checkpoint)/\(cell.environment)/\(cell.arm.rawValue)/\(cell.purpose)"
    return InspectIdentifier.named(run.name, run.configurationHash, path, parts.joined(separator: "/"))
  }

  /// The file's name as Inspect writes it: the time, the task, the task's identifier.
  var fileName: String {
    let plain = task.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(100)
    return "\(run.started.replacing(":", with: "-"))_\(String(plain))_\(identifier("task")).eval"
  }

  /// An event. The store does not keep when something was said, so all events have the time at which the run began.
  func event(_ kind: String, _ uuid: String, _ members: [(String, OrderedJSON)]) -> OrderedJSON {
    .pairs(
      [
        ("uuid", .string(uuid)), ("event", .string(kind)), ("timestamp", .string(run.started)), ("working_start", 0),
      ] + members)
  }

  /// The tool as a model sees it.
  static let bash = OrderedJSON.object([
    "name": "bash", "description": "Run a bash command: text between <bash> and </bash>.",
    "parameters": .object([
      "type": "object",
      "properties": .object(["cmd": .object(["type": "string", "description": "The command."])]),
      "required": .array(["cmd"]), "additionalProperties": false,
    ]),
  ])
}
