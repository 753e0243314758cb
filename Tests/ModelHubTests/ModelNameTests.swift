import Testing

@testable import ModelHub

/// Names as people write them.
struct ModelNameTests {
  @Test(arguments: [
    ("gemma3-270m", "gemma3-270m", "gemma3-270m"),
    ("hf:Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B", "Qwen--Qwen3-0.6B"),
    ("Qwen/Qwen3-0.6B@main", "Qwen/Qwen3-0.6B", "Qwen--Qwen3-0.6B"),
    ("a/b@refs/pr/1", "a/b@refs/pr/1", "a--b@refs%2Fpr%2F1"),
    ("a/b:q/m 4.gguf", "a/b:q/m 4.gguf", "a--b:q%2Fm%204.gguf"),
    ("a/b@v1:m.gguf", "a/b@v1:m.gguf", "a--b@v1:m.gguf"),
  ])
  func namesHaveOneSpellingAndOneFolder(_ text: String, _ spelling: String, _ folder: String) throws {
    let name = try ModelName(text)
    #expect(name.text == spelling)
    #expect(name.folderName == folder)
    #expect(try ModelName(spelling) == name)
  }

  @Test(arguments: [
    "", "Gemma", "a b", "..", "/etc/passwd", "a/", "/b", "a/b/c", "../b", "a/..", "a--b/c", "a/b@", "a/b@..",
    "a/b@x/../y", "a/b:", "a/b:../m.gguf", "a/b:/m.gguf", "a/b:m.bin", "a/.b", "a/b\n", "runs/x/y.safetensors",
  ])
  func otherTextIsRefused(_ text: String) {
    #expect(throws: HubError.self) { try ModelName(text) }
  }
}
