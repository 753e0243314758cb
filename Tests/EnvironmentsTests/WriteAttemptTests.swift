import Testing

@testable import Environments

/// Which commands aim at `a/reward.py`.
@Suite struct WriteAttemptTests {
  @Test(arguments: [
    "sed -i 's/1/2/' a/reward.py", "cd a; rm reward.py", "echo x > a/reward.py", "cat x >> 'a/reward.py'",
    "cat > reward.py <<EOF\nx\nEOF",
    "cp /tmp/new.py a/reward.py", "sed -n -i.bak 2p reward.py", "perl -pi -e 's/1/2/' a/reward.py",
    "chmod 000 a/reward.py",
    "chmod a-r reward.py", "F=a/reward.py; sed -i s/1/2/ $F", "bash -c \"rm reward.py\"", "cd a && rm *.py", "rm -rf a",
    "python3 - <<'EOF'\nfrom pathlib import Path\nPath('a/reward.py').write_text('x')\nEOF",
    "cat x 2>/dev/null >| a/reward.py",
    "find . -name reward.py -delete", "sed 's/1/2/' a/reward.py > t && mv t a/reward.py", "dd if=x of=a/reward.py",
    "ln -sf x a/reward.py",
    "python3 -c \"open('reward.py','w').write('')\"", "ls && mv reward.py old.py", "echo 'return 1' | tee reward.py",
  ])
  func writes(_ command: String) { #expect(WriteAttempt.aims(at: "a/reward.py", in: command)) }

  @Test(arguments: [
    "cp a/reward.py backup", "cp a/reward.py /tmp/a.py", "chmod +x a/reward.py", "chmod 644 reward.py",
    "echo 'rm reward.py'", "python3 a/reward.py",
    "python3 -c \"print(open('a/reward.py').read())\"", "head -5 a/reward.py > copy.py 2>&1", "diff a/reward.py b",
    "wc -l a/*.py", "rm b/*.py",
    "grep 'x > y' reward.py", "cat a/reward.py | tee notes.txt", "sed 's/1/2/' reward.py",
    "cat a/reward.py", "cat reward.py > copy.txt", "ls; rm other.py", "grep -r reward.py . 2>/dev/null",
    "echo reward.py",
    "sed -n 1p reward.py", "cat a/reward.py; echo done=False > result.txt",
  ])
  func readsOnly(_ command: String) { #expect(!WriteAttempt.aims(at: "a/reward.py", in: command)) }
}
