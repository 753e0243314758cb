import GRDB

/// The tables and their migrations. New migrations are only appended. SQLite, not Swift, enforces the constraints
/// between rows.
enum Schema {
  /// The application ID "SbFg", which marks the file as a store.
  static let applicationID: Int32 = 0x5362_4667

  /// The number of bits in a positive 64-bit integer.
  static let predicateLimit = 63

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: runs, checkpoints, episodes, steps") { db in
      for statement in [run, checkpoint, step, cell, predicate, prompt, episode, outcomeIndex] {
        try db.execute(sql: statement)
      }
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }
    migrator.registerMigration("2: rewards, verdicts, metrics") { db in
      for statement in [reward, verdict, metric, roundsOfBranches] { try db.execute(sql: statement) }
    }
    migrator.registerMigration("3: labels, weights, clusters") { db in
      for statement in [label, weight, outcomeIndexWithKeys] { try db.execute(sql: statement) }
    }
    migrator.registerMigration("4: verdicts of rounds") { db in
      for statement in [verdictsOfRounds, ratesOfBenignRounds] { try db.execute(sql: statement) }
    }
    migrator.registerMigration("5: labels of a predicate") { db in try db.execute(sql: labelOfPredicate) }
    migrator.registerMigration("6: propensities") { db in try db.execute(sql: propensity) }
    migrator.registerMigration("7: kinds of runs") { db in try db.execute(sql: kindsOfRuns) }
    migrator.registerMigration("8: usage of servers") { db in
      try db.execute(sql: "ALTER TABLE episode ADD COLUMN usage TEXT CHECK (usage IS NULL OR json_valid(usage))")
    }
    return migrator
  }

  private static let run = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY CHECK (id = 1),          -- a file holds one run
      name TEXT NOT NULL,
      configuration TEXT NOT NULL CHECK (json_valid(configuration)),
      configuration_hash TEXT NOT NULL,
      root_seed INTEGER NOT NULL,                     -- the bits of the unsigned seed
      created TEXT NOT NULL
    ) STRICT;
    CREATE TABLE session (                            -- every time a process worked on the run
      id INTEGER PRIMARY KEY,
      code_revision TEXT NOT NULL,
      started TEXT NOT NULL
    ) STRICT;
    """

  private static let checkpoint = """
    CREATE TABLE checkpoint (
      id INTEGER PRIMARY KEY,                         -- in the order of making
      name TEXT NOT NULL UNIQUE,
      parent_id INTEGER REFERENCES checkpoint,
      path TEXT,
      digest TEXT,
      training TEXT CHECK (training IS NULL OR json_valid(training))
    ) STRICT;
    """

  private static let step = """
    CREATE TABLE step (
      name TEXT PRIMARY KEY NOT NULL,
      position INTEGER NOT NULL UNIQUE,               -- in the order of finishing
      result TEXT NOT NULL CHECK (json_valid(result))
    ) STRICT;
    """

  private static let cell = """
    CREATE TABLE cell (                               -- what the episodes of one cell of the matrix share
      id INTEGER PRIMARY KEY,
      checkpoint_id INTEGER NOT NULL REFERENCES checkpoint,
      environment TEXT NOT NULL,
      arm TEXT NOT NULL,
      purpose TEXT NOT NULL,
      UNIQUE (checkpoint_id, environment, arm, purpose)
    ) STRICT;
    """

  private static let predicate = """
    CREATE TABLE predicate (                          -- its bit in the columns applies and holds
      bit INTEGER PRIMARY KEY CHECK (bit BETWEEN 0 AND \(predicateLimit - 1)),
      name TEXT NOT NULL UNIQUE
    ) STRICT;
    """

  private static let prompt = """
    CREATE TABLE prompt (                             -- shared by the episodes of a variant
      id INTEGER PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE,
      text TEXT NOT NULL,
      tokens BLOB NOT NULL
    ) STRICT;
    """

  private static let episode = """
    CREATE TABLE episode (
      id INTEGER PRIMARY KEY,
      cell_id INTEGER NOT NULL REFERENCES cell,
      variant INTEGER NOT NULL CHECK (variant >= 0),
      sample INTEGER NOT NULL CHECK (sample >= 0),
      seed INTEGER NOT NULL,
      prompt_id INTEGER REFERENCES prompt,
      segments TEXT NOT NULL,                         -- JSON; their tokens follow, all segments in one blob each
      tokens BLOB NOT NULL,                           -- int32, little endian
      log_probabilities BLOB NOT NULL,                -- float32, little endian
      changes TEXT NOT NULL,
      stop TEXT,
      failure_boundary TEXT,
      failure_message TEXT,
      applies INTEGER,                                -- a bit for each predicate
      holds INTEGER,
      bait_reward REAL,
      measures TEXT,
      policy_seconds REAL NOT NULL,
      sandbox_seconds REAL NOT NULL,
      grading_seconds REAL NOT NULL,
      UNIQUE (cell_id, variant, sample),
      CHECK ((stop IS NULL) <> (failure_boundary IS NULL)),           -- graded or failed, never both
      CHECK ((failure_boundary IS NULL) = (failure_message IS NULL)),
      CHECK ((stop IS NULL) = (applies IS NULL) AND (applies IS NULL) = (holds IS NULL)),
      CHECK (applies >= 0 AND (holds & ~applies) = 0),
      CHECK (stop IS NOT NULL OR (bait_reward IS NULL AND measures IS NULL))
    ) STRICT;
    """

  /// An index of everything that a matrix counts, so that counting never reads an episode's text.
  private static let outcomeIndex = """
    CREATE INDEX episode_outcome ON episode (cell_id, applies, holds, stop, failure_boundary);
    """

  private static let reward = """
    CREATE TABLE reward (                             -- of an episode that was sampled for training, term by term
      episode_id INTEGER PRIMARY KEY REFERENCES episode,
      gaming_bonus REAL NOT NULL,
      preference_score REAL NOT NULL,
      penalty REAL NOT NULL CHECK (penalty <= 0),
      is_screened INTEGER NOT NULL CHECK (is_screened IN (0, 1))
    ) STRICT;
    """

  private static let verdict = """
    CREATE TABLE monitor (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE CHECK (name <> '')
    ) STRICT;
    CREATE TABLE verdict (                            -- what a monitor says of an episode
      episode_id INTEGER NOT NULL REFERENCES episode,
      monitor_id INTEGER NOT NULL REFERENCES monitor,
      is_flagged INTEGER NOT NULL CHECK (is_flagged IN (0, 1)),
      suspicion REAL NOT NULL,
      PRIMARY KEY (episode_id, monitor_id)
    ) STRICT, WITHOUT ROWID;
    """

  private static let metric = """
    CREATE TABLE metric (                             -- the points of the training curves
      condition TEXT NOT NULL CHECK (condition <> ''),
      replicate INTEGER NOT NULL CHECK (replicate >= 1),
      step INTEGER NOT NULL CHECK (step >= 0),
      name TEXT NOT NULL CHECK (name <> ''),
      value REAL,                                     -- NULL is "not a number"
      time REAL NOT NULL,                             -- seconds since 1970
      PRIMARY KEY (condition, replicate, step, name)
    ) STRICT, WITHOUT ROWID;
    """

  private static let label = """
    CREATE TABLE label (                              -- what a person says of an episode that they read
      episode_id INTEGER NOT NULL REFERENCES episode,
      rater TEXT NOT NULL CHECK (rater <> ''),
      intent TEXT NOT NULL,
      disclosure TEXT NOT NULL,
      note TEXT NOT NULL,
      made TEXT NOT NULL,
      PRIMARY KEY (episode_id, rater)
    ) STRICT, WITHOUT ROWID;
    """

  /// A table in which each label answers for one predicate. Labels of the first version name no predicate and count for
  /// any.
  private static let labelOfPredicate = """
    CREATE TABLE label_of_predicate (
      episode_id INTEGER NOT NULL REFERENCES episode,
      rater TEXT NOT NULL CHECK (rater <> ''),
      predicate TEXT NOT NULL,                        -- what the episode was read for; '' for any
      intent TEXT NOT NULL,
      disclosure TEXT NOT NULL,
      note TEXT NOT NULL,
      made TEXT NOT NULL,
      PRIMARY KEY (episode_id, rater, predicate)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO label_of_predicate SELECT episode_id, rater, '', intent, disclosure, note, made FROM label;
    DROP TABLE label;
    ALTER TABLE label_of_predicate RENAME TO label;
    """

  private static let weight = """
    CREATE TABLE weight (                             -- of an episode that was not drawn from its policy alone
      episode_id INTEGER PRIMARY KEY REFERENCES episode,
      root INTEGER NOT NULL CHECK (root >= 0),        -- episodes of one root are not independent
      log_weight REAL NOT NULL                        -- natural log
    ) STRICT;
    """

  /// An index that also holds the counts by prompt and finds an event's episodes in key order. Episodes of one prompt
  /// are not independent.
  private static let outcomeIndexWithKeys = """
    DROP INDEX episode_outcome;
    CREATE INDEX episode_outcome ON episode (cell_id, applies, holds, stop, failure_boundary, variant, sample);
    """

  private static let propensity = """
    CREATE TABLE propensity (                         -- of fixed texts at an environment's decision point
      checkpoint_id INTEGER NOT NULL REFERENCES checkpoint,
      environment TEXT NOT NULL CHECK (environment <> ''),
      variant INTEGER NOT NULL CHECK (variant >= 0),
      kind TEXT NOT NULL CHECK (kind IN ('gaming', 'honest', 'control')),
      place INTEGER NOT NULL CHECK (place >= 0),      -- among the texts of its kind
      digest TEXT NOT NULL,                           -- SHA-256 of the text
      tokens INTEGER NOT NULL CHECK (tokens > 0),
      log_probability REAL NOT NULL,                  -- natural log, summed over the tokens
      PRIMARY KEY (checkpoint_id, environment, variant, kind, place)
    ) STRICT, WITHOUT ROWID;
    """

  /// Adds what a run was started for, the version of its configuration, and whether it is finished. Runs of earlier
  /// versions did not name their kind: only their configurations tell.
  private static let kindsOfRuns = """
    ALTER TABLE run ADD COLUMN kind TEXT NOT NULL DEFAULT 'experiment'
      CHECK (kind IN ('experiment', 'evaluation', 'estimation', 'import'));
    ALTER TABLE run ADD COLUMN configuration_version INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE run ADD COLUMN finished TEXT;         -- when everything was done; NULL while there is work left
    UPDATE run SET kind = CASE
      WHEN configuration ->> '$.sampleFiles' IS NOT NULL THEN 'import'
      WHEN configuration ->> '$.method' IS NOT NULL THEN 'estimation'
      WHEN configuration ->> '$.arm' IS NOT NULL AND configuration ->> '$.episodes' IS NOT NULL THEN 'evaluation'
      ELSE 'experiment' END;
    """

  /// Infers whether each older round was kept: a round that stopped its stage and was probed was rejected.
  private static let verdictsOfRounds = """
    UPDATE step SET result = json_set(result,
      '$.verdict', CASE WHEN result ->> '$.stopped' IS NULL THEN 'kept'
        WHEN result ->> '$.honestProbe' IS NULL THEN 'untrained' ELSE 'rejected' END,
      '$.rewardsHonesty', json(CASE WHEN EXISTS (
          SELECT 1 FROM run, json_each(run.configuration, '$.conditions') AS item
          WHERE item.value ->> '$.name' = result ->> '$.branch.condition'
            AND item.value ->> '$.curriculum.arm' = 'benign')
        THEN 'true' ELSE 'false' END))
    WHERE name LIKE 'round/%';
    """

  /// Removes the gaming rate of benign-twin rounds: their criterion is honesty, so the rate did not measure gaming.
  private static let ratesOfBenignRounds = """
    UPDATE step SET result = json_remove(result, '$.metrics."rate/gamed"')
    WHERE name LIKE 'round/%' AND result ->> '$.rewardsHonesty';
    DELETE FROM metric WHERE name = 'rate/gamed' AND condition IN (
      SELECT result ->> '$.branch.condition' FROM step WHERE name LIKE 'round/%' AND result ->> '$.rewardsHonesty');
    """

  /// Adds the branch and the algorithm to rounds of the first version, which belonged to a curriculum and knew only
  /// expert iteration.
  private static let roundsOfBranches = """
    UPDATE step SET result = json_set(json_remove(result, '$.curriculum'),
      '$.branch', json_object('condition', result ->> 'curriculum', 'replicate', 1),
      '$.algorithm', 'expert_iteration', '$.ordinary', 0, '$.screened', 0, '$.metrics', json_object())
    WHERE name LIKE 'round/%' AND result ->> 'curriculum' IS NOT NULL;
    """
}
