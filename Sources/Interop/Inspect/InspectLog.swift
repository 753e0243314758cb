import Episodes
import Foundation
import Runs
import Storage

/// Writes one log of Inspect, a `.eval` file: an archive with a part for every sample. Only the summaries stay in memory.
struct InspectLog {
  let context: InspectLogContext
  private let file: ExportFile
  private let archive: ZipWriter
  private var totals = InspectTotals()
  private var summaries: [UInt8] = [UInt8(ascii: "[")]
  private var samples = 0
  private var completed = 0
  private var variants: Set<Int> = []
  private var epochs = 1
  private var read = 0
  private var written = 0

  /// - Throws: `ExportError` if the file cannot be written.
  init(_ context: InspectLogContext, in folder: URL) throws {
    self.context = context
    file = try ExportFile(folder.appending(path: context.fileName))
    archive = ZipWriter(file)
  }

  mutating func add(_ exported: ExportedEpisode) throws {
    let sample = InspectSample(exported, in: context)
    try archive.add(sample.fileName, sample.json.bytes)
    if samples > 0 { summaries.append(UInt8(ascii: ",")) }
    sample.summary.append(to: &summaries)
    totals.add(sample.scores, variant: exported.key.variant)
    samples += 1
    if !sample.hasFailed { completed += 1 }
    variants.insert(exported.key.variant)
    epochs = max(epochs, exported.key.sample + 1)
    if let tokens = sample.tokens { (read, written) = (read + tokens.read, written + tokens.written) }
  }

  mutating func finish() throws {
    let start = OrderedJSON.object(["version": 2, "eval": eval, "plan": plan])
    try archive.add("_journal/start.json", start.bytes)
    try archive.add("summaries.json", summaries + [UInt8(ascii: "]")])
    try archive.add("reductions.json", totals.reductions.bytes)
    try archive.add("header.json", header.bytes)
    try archive.finish()
    try file.finish()
  }

  private var header: OrderedJSON {
    .object([
      "version": 2, "status": "success", "eval": eval, "plan": plan,
      "results": .object([
        "total_samples": .integer(samples), "completed_samples": .integer(completed), "scores": totals.results,
      ]),
      "stats": .object([
        "started_at": .string(context.run.started), "completed_at": .string(context.run.finished ?? ""),
        "model_usage": written == 0
          ? .empty : .pairs([(context.model, InspectSample.usage(read: read, written: written))]),
        "role_usage": .empty, "connection_limit_history": .array([]),
      ]),
      "invalidated": false,
    ])
  }

  private var plan: OrderedJSON {
    .object([
      "name": "plan", "steps": .array([.object(["solver": "subterfuge", "params": .empty, "params_passed": .empty])]),
      "config": .empty,
    ])
  }

  private var eval: OrderedJSON {
    let cell = context.cell
    let arguments = OrderedJSON.object([
      "environment": .string(cell.environment), "arm": .string(cell.arm.rawValue), "purpose": .string(cell.purpose),
    ])
    let ids = variants.sorted()
    return .object([
      "eval_id": .string(context.identifier("eval")),
      "run_id": .string(InspectIdentifier.named(context.run.name, context.run.configurationHash)),
      "created": .string(context.run.started), "task": .string(context.task),
      "task_id": .string(context.identifier("task")), "task_version": 0, "task_attribs": .empty,
      "task_args": arguments, "task_args_passed": arguments, "solver": "subterfuge",
      "dataset": .object([
        "name": .string(cell.environment), "samples": .integer(ids.count), "sample_ids": .integers(ids),
        "shuffled": false,
      ]),
      "model": .string(context.model), "model_generate_config": .empty, "model_args": .empty,
      "config": .object([
        "epochs": .integer(epochs), "epochs_reducer": .array(["mean"]), "fail_on_error": false,
      ]),
      "packages": .object(["subterfuge": .string(context.run.programVersion)]), "metadata": metadata,
      "scorers": totals.scorers, "headline_metric": totals.headline,
    ])
  }

  private var metadata: OrderedJSON {
    let (run, cell) = (context.run, context.cell)
    return .object([
      "run": .string(run.name), "kind": .string(run.kind.rawValue), "checkpoint": .string(cell.checkpoint),
      "checkpoint_sha256": run.digests[cell.checkpoint].map(OrderedJSON.string),
      "environment": .string(cell.environment), "arm": .string(cell.arm.rawValue), "purpose": .string(cell.purpose),
      "root_seed": .string("\(run.rootSeed.value)"), "configuration_sha256": .string(run.configurationHash),
      "code_revision": .string(run.codeRevision),
    ])
  }
}
