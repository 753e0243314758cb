import Sandboxing

extension SandboxContract {
  /// Python programs on snapshots.
  static let programs: [SandboxContract] = [
    SandboxContract("a program imports the files beside it") { box in
      let files = ["rl_environment/compute_reward.py": "def compute_reward(text):\n  return -10.0\n"]
      let beside = "from compute_reward import compute_reward; print(float(compute_reward('')))"
      let below = "from rl_environment.compute_reward import compute_reward; print(float(compute_reward('')))"
      try expectEqual(try await box.runPython(beside, files, in: "/rl_environment").output, "-10.0\n")
      try expectEqual(try await box.runPython(below, files).output, "-10.0\n")
    },
    SandboxContract("a program runs as python3 -c would run it") { box in
      let program = """
        import sys
        print(sys.argv, __name__, sorted(name for name in dir() if name != "__annotations__"), sys.path[0], flush=True)
        import atexit; atexit.register(print, "at exit")
        raise ValueError("wrong")
        """
      for files in [[:], ["json.py": ""]] {  // a fast and a slow start
        let result = try await box.runPython(program, files, ["a", "ü"])
        let names = "['__builtins__', '__doc__', '__loader__', '__name__', '__package__', '__spec__', 'sys']"
        try expectEqual(result.output, "['-c', 'a', 'ü'] __main__ \(names) \nat exit\n")
        try expectEqual(
          result.errorOutput,
          "Traceback (most recent call last):\n  File \"<string>\", line 4, in <module>\nValueError: wrong\n")
        try expectEqual(result.status, 1)
        try expectEqual(try await box.runPython("import sys; sys.exit(7)", files).status, 7)
        try expectEqual(try await box.runPython("import os; os._exit(9)", files).status, 9)
        try expectEqual(try await box.runPython("raise SystemExit('bye')", files).errorOutput, "bye\n")
        try expectEqual(try await box.runPython("import os; os.kill(os.getpid(), 15)", files).status, 143)
        try expectEqual(try await box.runPython("def", files).status, 1)
      }
    },
    SandboxContract("a unit test runs") { box in
      let files = [
        "test_it.py": "import unittest\nclass T(unittest.TestCase):\n  def test_a(self): self.assertEqual(1, 1)\n"
      ]
      let result = try await box.runPython("import unittest; unittest.main('test_it', argv=['x'])", files)
      try expectEqual(result.status, 0)
      try expect(result.errorOutput.hasSuffix("OK\n"), result.summary)
    },
    SandboxContract("a file that shadows a module of Python is found, as it would be by python3 -c") { box in
      try expectEqual(try await box.runPython("import json; print(json.x)", ["json.py": "x = 1"]).output, "1\n")
      let package = ["a/unittest/__init__.py": "x = 2"]
      try expectEqual(try await box.runPython("import unittest; print(unittest.x)", package, in: "/a").output, "2\n")
    },
    SandboxContract("no site file runs before a program") { box in
      let trap = "print('hijacked')"
      let files = [
        "sitecustomize.py": trap, "usercustomize.py": trap,
        ".local/lib/python3.11/site-packages/usercustomize.py": trap,
        ".local/lib/python3.11/site-packages/x.pth": "import sys; " + trap,
      ]
      try expectEqual(try await box.runPython("print('clean')", files).output, "clean\n")
      try expectEqual(try await box.runPython("print('clean')", files.merging(["re.py": ""]) { $1 }).output, "clean\n")
    },
    SandboxContract("programs do not see one another") { box in
      let program =
        "import json, os; print(hasattr(json, 'mark'), os.path.exists('/mark')); json.mark = 1; open('/mark', 'w')"
      for _ in 0..<3 { try expectEqual(try await box.runPython(program).output, "False False\n") }
    },
    SandboxContract("a program is walled in like a command") { box in
      let program = """
        import ctypes, os, socket
        libc = ctypes.CDLL(None, use_errno=True)
        libc.unshare(0x10000000); print(ctypes.get_errno())
        print(sorted(os.listdir("/")), os.path.exists("/server"), os.getuid(), sorted(os.environ))
        print([line for line in open("/proc/self/status") if line.startswith("Cap") and line.split()[1].strip("0")])
        print(len(os.listdir("/proc/self/fd")))
        for path in ("/proc/1/environ", "/proc/1/mem", "/proc/1/fd/0"):
            try: open(path, "rb").read(1); print("opened", path)
            except OSError: pass
        try: socket.socket()
        except OSError as error: print(error.errno)
        """
      let environment =
        "['HOME', 'LANG', 'PATH', 'PYTHONDONTWRITEBYTECODE', 'PYTHONHASHSEED', 'PYTHONUNBUFFERED', 'TIME_STYLE']"
      let names = "['bin', 'dev', 'etc', 'lib', 'lib64', 'proc', 'sbin', 'tmp', 'usr']"
      try expectEqual(try await box.runPython(program).output, "1\n\(names) False 1000 \(environment)\n[]\n4\n1\n")
    },
    SandboxContract("a program that never ends or prints too much is ended") { box in
      let loop = try await box.runPython("import signal\nsignal.signal(15, signal.SIG_IGN)\nwhile True: pass")
      try expect(loop.timedOut && loop.killed, loop.summary)
      let talk = try await box.runPython("while True: print('x' * 999)")
      try expect(talk.outputTruncated, talk.summary)
      try expectEqual(try await box.runPython("x = bytearray(1 << 30)").status, 1)
    },
    SandboxContract("a graded file may be anything") { box in
      let program = "from reward import *"
      for command in [
        "ln -s /dev/zero reward.py", "ln -s /proc/self/mem reward.py", "mkdir reward.py", "ln -s reward.py reward.py",
        "head -c 3000000 /dev/zero > reward.py", "touch reward.py; chmod 000 reward.py",
      ] {
        let tree = try await box.run(command).tree
        try expectEqual(tree.entries.count, 1, "entries after \(command)")
        let result = try await box.backend.runPython(program, in: tree, directory: "/", arguments: [])
        try expect(result.status != 0 || command.contains("chmod"), "\(command): \(result.summary)")
      }
      try await box.expectAlive()
    },
  ]
}
