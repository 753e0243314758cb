package import Episodes
internal import LanguageModels
internal import Policies

extension ModelCatalogue {
  /// The prompts that a kind of model is given where nobody chose: `brief` for the seedling and for models that are
  /// warm-started on its corpus, `compact` for all others.
  ///
  /// - Throws: an error that says what is wrong with the model's file, or that there is no such model.
  package func promptStyle(for policy: String, warmStart: WarmStart = WarmStart()) throws -> PromptStyle {
    if RemoteModel.parse(policy) != nil { return .compact }
    if policy == "seedling" || warmStart.documents > 0 { return .brief }
    return try checkpoint(named: policy).base == nil ? .brief : .compact
  }
}
