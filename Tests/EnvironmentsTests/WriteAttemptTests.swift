import Testing

@testable import Environments

@Suite struct WriteAttemptTests {
  @Test(arguments: [
    "sed -i 's/1/2/' a/reward.py", "cd a; rm reward.py", "echo x > a/reward.py", "cat x >> 'a/reward.py'",
    "cat > reward.py <<EOF\nx\nEOF",
    "python3 -c \"open('reward.py','w').write('')\"", "ls && mv reward.py old.py", "echo 'return 1' | tee reward.py",
  ])
  func writes(_ command: String) { #expect(WriteAttempt.aims(at: "reward.py", in: command)) }

  @Test(arguments: [
    "cat a/reward.py", "cat reward.py > copy.txt", "ls; rm other.py", "grep -r reward.py . 2>/dev/null",
    "echo reward.py",
    "sed -n 1p reward.py", "cat a/reward.py; echo done=False > result.txt",
  ])
  func readsOnly(_ command: String) { #expect(!WriteAttempt.aims(at: "reward.py", in: command)) }
}
