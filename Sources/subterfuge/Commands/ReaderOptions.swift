import ArgumentParser

/// Who reads the words of answers.
struct ReaderOptions: ParsableArguments {
  @Option(help: "What reads the words of answers: rules, seedling, a fetched model's name or a path.")
  var reader = "rules"
}
