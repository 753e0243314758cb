/// What `config.json` says, as far as it matters to a decoder-only transformer. Keys are those of `transformers`.
struct HuggingFaceConfiguration: Decodable {
  var modelType: String?
  var vocabSize: Int?
  var hiddenSize: Int?
  var intermediateSize: Int?
  var numHiddenLayers: Int?
  var numAttentionHeads: Int?
  var numKeyValueHeads: Int?
  var headDim: Int?
  var maxPositionEmbeddings: Int?
  var rmsNormEps: Double?
  var hiddenAct: String?
  var hiddenActivation: String?
  var tieWordEmbeddings: Bool?
  var attentionBias: Bool?
  var mlpBias: Bool?
  var partialRotaryFactor: Double?
  var ropeTheta: Double?
  var ropeLocalBaseFreq: Double?
  var ropeScaling: Rope?
  var ropeParameters: RopeParameters?
  var useSlidingWindow: Bool?
  var slidingWindow: Int?
  var slidingWindowPattern: Int?
  var maxWindowLayers: Int?
  var layerTypes: [String]?
  /// Whether the file says anything of `slidingWindow`, if only that there is none.
  var namesSlidingWindow: Bool?
  var noRopeLayers: [Int]?
  var noRopeLayerInterval: Int?
  var originalMaxPositionEmbeddings: Double?
  var queryPreAttnScalar: Double?
  var finalLogitSoftcapping: Double?
  var attnLogitSoftcapping: Double?
  var useBidirectionalAttention: Bool?
  /// Present when the weights are in a form that needs another library.
  var quantizationConfig: Quantization?

  struct Quantization: Decodable { var quantMethod: String? }

  struct Rope: Decodable {
    var ropeType: String?
    /// The older name of `ropeType`.
    var type: String?
    var ropeTheta: Double?
    var factor: Double?
    var lowFreqFactor: Double?
    var highFreqFactor: Double?
    var originalMaxPositionEmbeddings: Double?
    var partialRotaryFactor: Double?
    var attentionFactor: Double?
    var betaFast: Double?
    var betaSlow: Double?
    var mscale: Double?
    var mscaleAllDim: Double?
    var truncate: Bool?
    var shortFactor: [Double]?
  }

  /// The form of transformers 5: one set of parameters, or one for each type of layer.
  struct RopeParameters: Decodable {
    var common: Rope
    var fullAttention: Rope?
    var slidingAttention: Rope?

    private enum CodingKeys: String, CodingKey { case fullAttention, slidingAttention }

    init(from decoder: any Decoder) throws {
      common = try Rope(from: decoder)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      fullAttention = try container.decodeIfPresent(Rope.self, forKey: .fullAttention)
      slidingAttention = try container.decodeIfPresent(Rope.self, forKey: .slidingAttention)
    }
  }
}

/// The whole file: a text model's configuration, or that of a model with images around it.
struct HuggingFaceModelConfiguration: Decodable {
  let text: HuggingFaceConfiguration

  private enum CodingKeys: String, CodingKey { case textConfig, slidingWindow }

  init(from decoder: any Decoder) throws {
    var outer = try HuggingFaceConfiguration(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    outer.namesSlidingWindow = container.contains(.slidingWindow)
    guard outer.modelType == "gemma3",
      var inner = try container.decodeIfPresent(HuggingFaceConfiguration.self, forKey: .textConfig)
    else {
      text = outer
      return
    }
    inner.modelType = inner.modelType ?? "gemma3_text"
    inner.tieWordEmbeddings = outer.tieWordEmbeddings ?? inner.tieWordEmbeddings
    inner.quantizationConfig = outer.quantizationConfig ?? inner.quantizationConfig
    text = inner
  }
}
