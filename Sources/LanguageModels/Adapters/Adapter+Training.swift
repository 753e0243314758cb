internal import MLX
internal import ModelFiles
internal import Tokenization

// Shapes: r rank; a module's matrix is [out, in], its adapter a [r, in] and b [out, r].

extension Adapter {
  private static let (aSuffix, bSuffix) = (".lora_A.weight", ".lora_B.weight")

  /// A new adapter, which changes nothing yet: a is uniform within 1 / sqrt(in), as `peft` draws it, and b is zero.
  init(_ settings: LoRAConfiguration, for configuration: TransformerConfiguration, key: MLXArray) throws {
    try settings.validate()
    let modules = settings.modules(of: configuration)
    let keys = try MLXRandom.split(key: key, into: modules.count)
    let matrices = try zip(modules, keys).map { module, key in
      let bound = 1 / Float(module.shape[1]).squareRoot()
      let a = try MLXRandom.uniform(low: -bound, high: bound, [settings.rank, module.shape[1]], key: key)
      let b = try MLXArray.zeros([module.shape[0], settings.rank])
      return (module.name, Factors(a: try Weight(a), b: try Weight(b)))
    }
    self.init(rank: settings.rank, alpha: settings.alpha, matrices: Dictionary(uniqueKeysWithValues: matrices))
  }

  /// The adapter that a model trains; `nil` when it trains none.
  init?(_ model: Transformer) throws {
    let factors = model.parameters.pairs.filter { name, _ in
      name.hasSuffix(Self.aSuffix) || name.hasSuffix(Self.bSuffix)
    }
    guard let settings = model.adapter, !factors.isEmpty else { return nil }
    try self.init(
      rank: settings.rank, alpha: settings.alpha, parameters: Parameters(factors.map { ($0.name, $0.array) }))
  }

  /// Its kind, for a model that uses it.
  var settings: LoRAConfiguration { LoRAConfiguration(rank: rank, alpha: alpha) }

  /// The factors under the names that a model in training gives them, in order of module.
  func parameters() throws -> Parameters {
    try Parameters(
      matrices.sorted { $0.key < $1.key }.flatMap { module, factors in
        [
          (module + Self.aSuffix, try MLXArray(factors.a.values, factors.a.shape)),
          (module + Self.bSuffix, try MLXArray(factors.b.values, factors.b.shape)),
        ]
      })
  }

  /// The adapter of factors under the names that `parameters()` gives, which are untrusted.
  ///
  /// - Throws: a `ModelError` when an array is not one of two factors of `rank`.
  init(rank: Int, alpha: Float, parameters: Parameters) throws {
    let modules = parameters.names.compactMap { $0.dropping(suffix: Self.aSuffix) }
    let matrices = try modules.map { module in
      let a = try Weight(parameters.require(module + Self.aSuffix))
      let b = try Weight(parameters.require(module + Self.bSuffix))
      guard a.shape.count == 2, b.shape.count == 2, a.shape[0] == rank, b.shape[1] == rank else {
        throw ModelError("its factors of '\(module)' are not of rank \(rank)")
      }
      return (module, Factors(a: a, b: b))
    }
    guard !modules.isEmpty, parameters.count == 2 * modules.count else {
      throw ModelError("its \(parameters.count) arrays are not pairs of lora_A and lora_B")
    }
    self.init(rank: rank, alpha: alpha, matrices: Dictionary(uniqueKeysWithValues: matrices))
  }

  /// Throws a `ModelError` unless this adapter can be trained further under these settings.
  func check(_ settings: LoRAConfiguration, for configuration: TransformerConfiguration) throws {
    guard rank == settings.rank, alpha == settings.alpha else {
      throw ModelError(
        "The checkpoint has an adapter of rank \(rank) and alpha \(alpha); train it with these, not with rank "
          + "\(settings.rank) and alpha \(settings.alpha).")
    }
    guard Set(matrices.keys) == Set(settings.modules(of: configuration).map(\.name)) else {
      throw ModelError("The checkpoint's adapter changes other modules than \(settings.targets); use the same targets.")
    }
  }
}

extension LoRAConfiguration {
  /// The modules of a model that get an adapter, with the shapes of their matrices, in the model's order.
  fileprivate func modules(of configuration: TransformerConfiguration) -> [(name: String, shape: [Int])] {
    configuration.weightShapes.compactMap { name, shape in
      guard let module = name.dropping(suffix: ".weight"), shape.count == 2,
        targets.contains(where: { module.hasSuffix("." + $0) })
      else { return nil }
      return (module, shape)
    }
  }
}

extension String {
  /// What stands before a suffix, or nil where it is absent.
  fileprivate func dropping(suffix: String) -> String? { hasSuffix(suffix) ? String(dropLast(suffix.count)) : nil }
}
