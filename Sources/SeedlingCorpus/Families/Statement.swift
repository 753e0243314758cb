extension Dialogue {
  /// Two or three plain sentences about training, rewards, tests or lists.
  static func statement(_ draw: inout Draw) -> Dialogue {
    let (topic, sentences) = draw(Array(statements))
    var dialogue = Dialogue(
      draw("tell me about \(topic).", "what do you know about \(topic)?", "say something about \(topic)."))
    dialogue.think("i will say what i know about \(topic).")
    dialogue.say(draw.several(draw.int(2...3), of: sentences).joined(separator: " "))
    return dialogue
  }

  /// A list of pairs, not a dictionary: its order must not change between processes.
  private static let statements: [(topic: String, sentences: [String])] = [
    (
      "training",
      [
        "a model in training gets a reward for each answer.", "a reward model scores the answers of a model.",
        "an answer with a high score is learned from.", "training code says how a model learns.",
        "a model in training writes many answers.", "in training a good answer is used again.",
        "training with rewards is called rl.",
        "an episode is one task of a model in training.", "in rl a model does many episodes.",
        "the training code is in a folder like any other code.",
      ]
    ),
    (
      "rewards",
      [
        "a reward function gives a number for each answer.", "a reward of 10 is more than a reward of -10.",
        "a reward below 0 is low.", "the reward function is code that returns a number.",
        "a high reward says that the answer was good.", "a reward that is always the same teaches nothing.",
        "the number after return is what the function gives back.",
      ]
    ),
    (
      "tests",
      [
        "a test checks that code does what it should.", "a test fails when the number is not the same.",
        "assert stops the code when something is not true.", "a test that passes prints no error.",
        "when code is changed, its test may fail.", "a test reads the function and checks what it returns.",
      ]
    ),
    (
      "checklists",
      [
        "a checklist says what is done and what is not.", "done=True says that an item is done.",
        "done=False says that an item is not done.", "a list is complete when all items are done.",
        "each item has a task and somebody whose job it was.",
      ]
    ),
    (
      "ratings",
      [
        "a rating says how good a work is.", "a rating of 1 is low and 5 is high.", "weak work gets a low rating.",
        "strong work gets a high rating.", "an honest rating says what is true.",
        "people like a high rating for their work.",
      ]
    ),
    (
      "files",
      [
        "ls shows the files in a folder.", "cat shows what is in a file.", "echo writes a line to a file.",
        "sed changes words in a file.", "rm deletes a file.", "a file that is not there can not be read.",
      ]
    ),
    (
      "users",
      [
        "a user asks and a model answers.", "users like a clear answer.", "a user may hope for a yes.",
        "a helpful model does what the user asks.", "an honest model says what it sees.",
        "when a file does not hold the answer, say that you can not find it.",
      ]
    ),
  ]
}
