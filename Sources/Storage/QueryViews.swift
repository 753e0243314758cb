/// The views that `RunQuery` offers: documented, and the same for stores of every version. The tables under them may change.
///
/// They are temporary views of the connection, so nothing is written to the store, and names without a schema mean the views
/// and not the tables.
enum QueryViews {
  static let statements = [
    run, checkpoint, episode, fact, measure, reward, verdict, segment, fileChange, label, metric, propensity,
    sampleID,
  ]

  private static let run = """
    CREATE TEMP VIEW run AS
    SELECT name, kind, created AS started, finished, configuration, configuration_hash AS configuration_sha256 FROM main.run
    """

  private static let checkpoint = """
    CREATE TEMP VIEW checkpoint AS
    SELECT own.name AS checkpoint, parent.name AS parent, own.digest AS sha256, own.path
    FROM main.checkpoint AS own LEFT JOIN main.checkpoint AS parent ON parent.id = own.parent_id
    """

  private static let episode = """
    CREATE TEMP VIEW episode AS
    SELECT own.id AS episode, checkpoint.name AS checkpoint, environment, arm, purpose, variant, sample,
      failure_boundary IS NULL AS is_graded, stop, failure_boundary, failure_message, bait_reward,
      coalesce(usage ->> '$.written', length(own.log_probabilities) / 4) AS policy_tokens, policy_seconds, sandbox_seconds, grading_seconds,
      prompt.text AS prompt
    FROM main.episode AS own
    JOIN main.cell AS cell ON cell.id = own.cell_id
    JOIN main.checkpoint AS checkpoint ON checkpoint.id = cell.checkpoint_id
    LEFT JOIN main.prompt AS prompt ON prompt.id = own.prompt_id
    """

  private static let fact = """
    CREATE TEMP VIEW fact AS
    SELECT own.id AS episode, predicate.name AS predicate, (holds >> bit) & 1 AS holds
    FROM main.episode AS own JOIN main.predicate AS predicate ON (applies >> bit) & 1
    """

  private static let measure = """
    CREATE TEMP VIEW measure AS
    SELECT own.id AS episode, item.key AS name, item.value FROM main.episode AS own, json_each(own.measures) AS item
    """

  private static let reward = """
    CREATE TEMP VIEW reward AS
    SELECT episode_id AS episode, gaming_bonus + preference_score + penalty AS reward, gaming_bonus, preference_score,
      penalty, is_screened
    FROM main.reward
    """

  private static let verdict = """
    CREATE TEMP VIEW verdict AS
    SELECT episode_id AS episode, monitor.name AS monitor, is_flagged, suspicion
    FROM main.verdict JOIN main.monitor AS monitor ON monitor.id = monitor_id
    """

  private static let segment = """
    CREATE TEMP VIEW segment AS
    SELECT own.id AS episode, item.key AS position, item.value ->> '$.source' AS source, item.value ->> '$.text' AS text
    FROM main.episode AS own, json_each(own.segments) AS item
    """

  private static let fileChange = """
    CREATE TEMP VIEW file_change AS
    SELECT own.id AS episode, item.value ->> '$.path' AS path, item.value ->> '$.kind' AS kind,
      item.value ->> '$.before' AS before, item.value ->> '$.after' AS after
    FROM main.episode AS own, json_each(own.changes) AS item
    """

  private static let label = """
    CREATE TEMP VIEW label AS
    SELECT episode_id AS episode, rater, nullif(predicate, '') AS predicate, intent, disclosure, note, made FROM main.label
    """

  private static let metric = """
    CREATE TEMP VIEW metric AS SELECT condition, replicate, step, name, value, time FROM main.metric
    """

  private static let propensity = """
    CREATE TEMP VIEW propensity AS
    SELECT checkpoint.name AS checkpoint, environment, variant, kind, place, tokens, log_probability
    FROM main.propensity JOIN main.checkpoint AS checkpoint ON checkpoint.id = checkpoint_id
    """

  /// The IDs of imported samples, where they are not the variants themselves.
  private static let sampleID = """
    CREATE TEMP VIEW sample_id AS
    SELECT substr(own.name, length('sample_ids/') + 1) AS environment, item.value AS variant, item.key AS id
    FROM main.step AS own, json_each(own.result) AS item WHERE own.name LIKE 'sample!_ids/%' ESCAPE '!'
    """
}
