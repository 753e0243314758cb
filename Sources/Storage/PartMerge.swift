import GRDB
import Runs

/// Adds the rows of a store that is attached as `part` to the main one, within one transaction.
///
/// Numbers differ between stores, so every row is found by what it names. A row that both have must be equal.
struct PartMerge {
  let db: Database
  /// The part's folder, for errors.
  let folder: String

  /// The tables whose rows are added; a test compares them with the schema.
  static let tables: Set = [
    "cell", "checkpoint", "episode", "label", "metric", "monitor", "predicate", "prompt", "propensity", "reward",
    "session", "step", "verdict", "weight",
  ]

  func merge(checkpoints: [CheckpointRecord]) throws {
    try mergeCheckpoints(checkpoints)
    try mergeSteps()
    try db.execute(sql: Self.sharedRows)
    try mergeEpisodes()
    try mergeNotesOnEpisodes()
    try mergeMeasurements()
    try db.execute(sql: Self.leavings)
  }

  /// Throws if the query finds a row; its first column says which.
  private func refuse(_ what: String, where sql: String) throws {
    guard let found = try String.fetchOne(db, sql: sql + " LIMIT 1") else { return }
    throw StoreError.partsDiffer(folder: folder, what: "\(what) \(found)")
  }

  private func mergeCheckpoints(_ records: [CheckpointRecord]) throws {
    let stored = try RunStore.checkpoints(db)
    for record in records {
      guard let known = stored.first(where: { $0.name == record.name }) else {
        try RunStore.record(record, db)
        continue
      }
      // One of two copies may have removed the weights since.
      var comparable = known
      comparable.path = record.path
      guard comparable == record else {
        throw StoreError.partsDiffer(folder: folder, what: "The checkpoint “\(record.name)”")
      }
      if known.path == nil, let path = record.path {
        try db.execute(sql: "UPDATE checkpoint SET path = ? WHERE name = ?", arguments: [path, record.name])
      }
    }
  }

  private func mergeSteps() throws {
    for row in try Row.fetchAll(db, sql: "SELECT name, result FROM part.step ORDER BY position") {
      let name: String = row["name"]
      do { try RunStore.finish(name, row["result"], db) } catch StoreError.contradiction {
        throw StoreError.partsDiffer(folder: folder, what: "The step “\(name)”")
      }
    }
  }

  private func mergeEpisodes() throws {
    try mapPredicates()
    try refuse("The episode", where: Self.differingEpisodes)
    let (columns, values) = try Self.episodeColumns(db)
    try db.execute(
      sql: """
        INSERT INTO main.episode (cell_id, prompt_id, applies, holds, \(columns))
        SELECT merged_cell.id, (\(Self.prompt)), \(Self.bits("applies")), \(Self.bits("holds")), \(values)
        FROM part.episode AS other JOIN temp.merged_cell ON part_id = other.cell_id
        WHERE NOT EXISTS (SELECT 1 FROM main.episode AS own
          WHERE (own.cell_id, own.variant, own.sample) = (merged_cell.id, other.variant, other.sample))
        ORDER BY other.id
        """)
    try db.execute(sql: Self.mergedEpisodes)
  }

  /// Gives the part's predicates their bits here.
  private func mapPredicates() throws {
    var bits = try PredicateBits(db)
    try db.execute(sql: "CREATE TEMP TABLE merged_bit (part_bit INTEGER PRIMARY KEY, mask INTEGER NOT NULL)")
    for row in try Row.fetchAll(db, sql: "SELECT bit, name FROM part.predicate ORDER BY bit") {
      let mask = try bits.columns(of: [row["name"]: true], db).holds
      try db.execute(sql: "INSERT INTO merged_bit VALUES (?, ?)", arguments: [row["bit"] as Int, mask])
    }
  }

  private func mergeNotesOnEpisodes() throws {
    try refuse("The reward of the episode", where: Self.differing("reward", Self.rewardColumns))
    try refuse("The weight of the episode", where: Self.differing("weight", ["root", "log_weight"]))
    try refuse("The verdict on the episode", where: Self.differingVerdicts)
    try db.execute(sql: Self.notesOnEpisodes)
  }

  private func mergeMeasurements() throws {
    try refuse("The training curve", where: Self.differingMetrics)
    try refuse("The propensity of the checkpoint", where: Self.differingPropensities)
    try db.execute(sql: Self.measurements)
  }
}

extension PartMerge {
  /// The columns of an episode that are the same in every store, and those of the part.
  private static func episodeColumns(_ db: Database) throws -> (names: String, values: String) {
    let own: Set = ["id", "cell_id", "prompt_id", "applies", "holds"]
    let names = try db.columns(in: "episode").map(\.name).filter { !own.contains($0) }
    return (names.joined(separator: ", "), names.map { "other.\($0)" }.joined(separator: ", "))
  }

  /// A column of bits of the part, in the bits of this store.
  private static func bits(_ column: String) -> String {
    """
    CASE WHEN other.\(column) IS NULL THEN NULL ELSE
      (SELECT coalesce(sum(mask), 0) FROM temp.merged_bit WHERE other.\(column) & (1 << part_bit)) END
    """
  }

  private static let prompt = """
    SELECT own.id FROM main.prompt AS own JOIN part.prompt AS same USING (digest) WHERE same.id = other.prompt_id
    """

  /// What episodes refer to, and the processes that worked on the run. A session of a copied folder is one session.
  private static let sharedRows = """
    CREATE TEMP TABLE merged_checkpoint AS
      SELECT other.id AS part_id, own.id AS id FROM part.checkpoint AS other JOIN main.checkpoint AS own USING (name);
    INSERT OR IGNORE INTO main.cell (checkpoint_id, environment, arm, purpose)
      SELECT merged_checkpoint.id, environment, arm, purpose
      FROM part.cell JOIN temp.merged_checkpoint ON part_id = checkpoint_id ORDER BY part.cell.id;
    CREATE TEMP TABLE merged_cell (part_id INTEGER PRIMARY KEY, id INTEGER NOT NULL);
    INSERT INTO merged_cell
      SELECT other.id, own.id FROM part.cell AS other
      JOIN temp.merged_checkpoint ON merged_checkpoint.part_id = other.checkpoint_id
      JOIN main.cell AS own ON own.checkpoint_id = merged_checkpoint.id
        AND (own.environment, own.arm, own.purpose) = (other.environment, other.arm, other.purpose);
    INSERT OR IGNORE INTO main.prompt (digest, text, tokens) SELECT digest, text, tokens FROM part.prompt ORDER BY id;
    INSERT OR IGNORE INTO main.monitor (name) SELECT name FROM part.monitor ORDER BY id;
    INSERT INTO main.session (code_revision, started) SELECT code_revision, started FROM part.session AS other
      WHERE NOT EXISTS (SELECT 1 FROM main.session AS own
        WHERE (own.code_revision, own.started) = (other.code_revision, other.started))
      ORDER BY id;
    UPDATE main.run SET created = min(created, (SELECT created FROM part.run)), finished = NULL;
    """

  /// Log-probabilities may differ in their last bits between processors, and times always do.
  private static let differingEpisodes = """
    SELECT checkpoint.name || '/' || environment || '/' || arm || '/' || purpose || '/' || own.variant || '/' || own.sample
    FROM part.episode AS other
    JOIN temp.merged_cell ON merged_cell.part_id = other.cell_id
    JOIN main.episode AS own
      ON (own.cell_id, own.variant, own.sample) = (merged_cell.id, other.variant, other.sample)
    JOIN main.cell ON cell.id = own.cell_id
    JOIN main.checkpoint ON checkpoint.id = checkpoint_id
    WHERE (own.prompt_id, own.applies, own.holds) IS NOT ((\(prompt)), \(bits("applies")), \(bits("holds")))
      OR \(["seed", "segments", "tokens", "changes", "stop", "failure_boundary", "failure_message", "bait_reward", "measures"]
        .map { "own.\($0) IS NOT other.\($0)" }.joined(separator: " OR "))
    """

  private static let mergedEpisodes = """
    CREATE TEMP TABLE merged_episode (part_id INTEGER PRIMARY KEY, id INTEGER NOT NULL);
    INSERT INTO merged_episode
      SELECT other.id, own.id FROM part.episode AS other
      JOIN temp.merged_cell ON merged_cell.part_id = other.cell_id
      JOIN main.episode AS own
        ON (own.cell_id, own.variant, own.sample) = (merged_cell.id, other.variant, other.sample);
    """

  private static let rewardColumns = ["gaming_bonus", "preference_score", "penalty", "is_screened"]

  /// The numbers of this store's episodes about which a table of notes says another thing in the part.
  private static func differing(_ table: String, _ columns: [String]) -> String {
    """
    SELECT own.episode_id FROM part.\(table) AS other
    JOIN temp.merged_episode ON part_id = other.episode_id
    JOIN main.\(table) AS own ON own.episode_id = merged_episode.id
    WHERE \(columns.map { "own.\($0) IS NOT other.\($0)" }.joined(separator: " OR "))
    """
  }

  private static let differingVerdicts = """
    SELECT own.episode_id FROM part.verdict AS other
    JOIN temp.merged_episode ON part_id = other.episode_id
    JOIN part.monitor AS named ON named.id = other.monitor_id
    JOIN main.monitor AS same USING (name)
    JOIN main.verdict AS own ON (own.episode_id, own.monitor_id) = (merged_episode.id, same.id)
    WHERE (own.is_flagged, own.suspicion) IS NOT (other.is_flagged, other.suspicion)
    """

  /// Of two labels that one rater gave one episode, the later one counts.
  private static let notesOnEpisodes = """
    INSERT OR IGNORE INTO main.reward
      SELECT id, \(rewardColumns.joined(separator: ", "))
      FROM part.reward JOIN temp.merged_episode ON part_id = episode_id ORDER BY id;
    INSERT OR IGNORE INTO main.weight
      SELECT id, root, log_weight FROM part.weight JOIN temp.merged_episode ON part_id = episode_id ORDER BY id;
    INSERT OR IGNORE INTO main.verdict
      SELECT merged_episode.id, same.id, is_flagged, suspicion
      FROM part.verdict JOIN temp.merged_episode ON part_id = episode_id
      JOIN part.monitor AS named ON named.id = monitor_id JOIN main.monitor AS same USING (name);
    INSERT INTO main.label
      SELECT merged_episode.id, rater, predicate, intent, disclosure, note, made
      FROM part.label JOIN temp.merged_episode ON part_id = episode_id WHERE true
      ON CONFLICT DO UPDATE SET
        intent = excluded.intent, disclosure = excluded.disclosure, note = excluded.note, made = excluded.made
      WHERE excluded.made > label.made;
    """

  /// Speeds differ whenever something is measured again.
  private static let differingMetrics = """
    SELECT name || ' of ' || condition || '.' || replicate || ', step ' || step
    FROM part.metric AS other JOIN main.metric AS own USING (condition, replicate, step, name)
    WHERE own.value IS NOT other.value AND name NOT LIKE '%/s'
    """

  private static let differingPropensities = """
    SELECT checkpoint.name || ' on ' || own.environment
    FROM part.propensity AS other
    JOIN temp.merged_checkpoint ON part_id = other.checkpoint_id
    JOIN main.propensity AS own ON (own.checkpoint_id, own.environment, own.variant, own.kind, own.place)
      = (merged_checkpoint.id, other.environment, other.variant, other.kind, other.place)
    JOIN main.checkpoint ON checkpoint.id = own.checkpoint_id
    WHERE (own.digest, own.log_probability) IS NOT (other.digest, other.log_probability)
    """

  private static let measurements = """
    INSERT OR IGNORE INTO main.metric SELECT * FROM part.metric;
    INSERT OR IGNORE INTO main.propensity
      SELECT id, environment, variant, kind, place, digest, tokens, log_probability
      FROM part.propensity JOIN temp.merged_checkpoint ON part_id = checkpoint_id;
    """

  private static let leavings = """
    DROP TABLE temp.merged_checkpoint;
    DROP TABLE temp.merged_cell;
    DROP TABLE temp.merged_bit;
    DROP TABLE temp.merged_episode;
    """
}
