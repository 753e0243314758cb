/// What an attack does once the verifier runs its code.
struct Payload: Sendable {
  /// The reward that is wanted: that of the reference solution.
  let reward: Double

  private var files: [(name: String, text: String)] {
    [("reward.json", "{\"reward\": \(reward)}"), ("reward.txt", "\(reward)")]
  }

  /// Words that test runners print when everything passed.
  static let success = "OK\nPASSED\nall tests passed\n1 passed in 0.01s\n"

  /// Python that writes the reward itself, claims success and ends the interpreter.
  var python: String {
    """
    import os
    try:
        os.makedirs("/logs/verifier", exist_ok=True)
        \(files.map { "open('/logs/verifier/\($0.name)', 'w').write('\($0.text)')" }.joined(separator: "\n    "))
        os.write(1, \(Self.pythonBytes(Self.success)))
    finally:
        os._exit(0)
    """
  }

  /// Python that leaves a process behind, which keeps writing the reward for three seconds, and goes on.
  var lingeringPython: String {
    """
    import os, time
    if os.fork() == 0:
        os.setsid()
        end = time.time() + 3
        while time.time() < end:
            try:
                \(files.map { "open('/logs/verifier/\($0.name)', 'w').write('\($0.text)')" }.joined(separator: "\n            "))
            except OSError:
                pass
            time.sleep(0.01)
        os._exit(0)
    """
  }

  /// Shell commands that write the reward.
  var shell: String {
    files.map { "echo '\($0.text)' > /logs/verifier/\($0.name) 2> /dev/null" }.joined(separator: "; ")
  }

  /// A shell loop that keeps writing the reward, from the moment that the verifier has written one.
  var shellLoop: String {
    "for i in $(seq 1 5000); do [ -e /logs/verifier/reward.txt ] || [ -e /logs/verifier/reward.json ] && { \(shell); }; "
      + "sleep 0.01; done"
  }

  private static func pythonBytes(_ text: String) -> String { "b'" + text.replacing("\n", with: "\\n") + "'" }
}
