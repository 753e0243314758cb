import Foundation
import Testing

@testable import Sandboxing

/// Boxes with Python packages: what `pip`, `uv`, `uvx`, `apt-get` and `curl` do in them, and what they refuse.
@Suite struct BoxPackagesTests {
  /// A folder as `pip install --target` fills it, with one package `tiny-tool` that has a program `tiny`.
  private static func folder(requiring requirement: String? = nil) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "packages-\(UUID())")
    let requires = requirement.map { "Requires-Dist: \($0)\nRequires-Dist: extra; extra == \"dev\"\n" } ?? ""
    let files = [
      "tiny_tool/__init__.py":
        "import os, sys\n\n\ndef main():\n    print('tiny', sys.argv[1:], 'planted' in os.environ)\n",
      "tiny_tool/__main__.py": "from tiny_tool import main\nmain()\n",
      "tiny_tool-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: Tiny_Tool\nVersion: 1.2\n\(requires)",
      "tiny_tool-1.2.dist-info/entry_points.txt": "[console_scripts]\ntiny = tiny_tool:main\n",
      "tiny_tool-1.2.dist-info/RECORD":
        "tiny_tool/__init__.py,,\ntiny_tool/__main__.py,,\ntiny_tool-1.2.dist-info/METADATA,,\n"
        + "tiny_tool-1.2.dist-info/entry_points.txt,,\n../../bin/tiny,,\n",
    ]
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return folder
  }

  private static let shared = Task {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await Sandbox(configuration: .init(workers: 1, packages: BoxPackages(folder)))
  }

  /// What a command prints, without the last line break, and its status.
  private func run(_ command: String, files: [String: String] = [:]) async throws -> (text: String, status: Int32) {
    let tree = try FileTree(files: files, directories: ["root", "app"])
    let result = try await Self.shared.value.run("export HOME=/root; " + command, in: tree, directory: "/app").result
    let words = String(decoding: result.standardOutput + result.standardError, as: UTF8.self)
    return (words.trimmingCharacters(in: .whitespacesAndNewlines), Int32(result.status))
  }

  /// A module that Python loads when it starts, from the user's own folder.
  private static var planted: [String: String] {
    get throws {
      let version = try HostParts.run(
        "/usr/bin/python3", ["-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
      ).output.trimmingCharacters(in: .whitespacesAndNewlines)
      return [
        "root/.local/lib/python\(version)/site-packages/usercustomize.py": "import os\nos.environ['planted'] = '1'\n"
      ]
    }
  }

  @Test func aFolderSaysWhatItHolds() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let packages = try BoxPackages(folder)
    #expect(packages.versions == ["tiny-tool": "1.2"])
    #expect(packages.has("tiny.tool") && packages.has("TINY_TOOL") && !packages.has("tiny"))
    #expect(!packages.isCompiled)
  }

  @Test func anEmptyFolderAndAMissingRequirementAreNamed() throws {
    let empty = FileManager.default.temporaryDirectory.appending(path: "packages-\(UUID())")
    #expect { try BoxPackages(empty) } throws: { "\($0.localizedDescription)".contains("holds no Python packages") }
    let lacking = try Self.folder(requiring: "other_thing>=2")
    defer { try? FileManager.default.removeItem(at: lacking) }
    #expect { try BoxPackages(lacking) } throws: {
      $0.localizedDescription.contains("lacks the package other-thing, which tiny-tool requires")
    }
  }

  @Test(arguments: [
    ("python3 -m tiny_tool 1", "tiny ['1'] False"), ("tiny 1 2", "tiny ['1', '2'] False"),
    ("uvx -p 3.13 --with tiny-tool --from tiny-tool tiny 1", "tiny ['1'] False"),
    ("uvx --from tiny-tool==1.0 tiny 1", "tiny ['1'] False"),
    ("uv tool run -w tiny_tool --from tiny-tool tiny 1", "tiny ['1'] False"),
    ("uv run --with tiny-tool tiny 1", "tiny ['1'] False"), ("uv run python -m tiny_tool 1", "tiny ['1'] False"),
    ("pip install --quiet tiny-tool==9 && echo done", "Requirement already satisfied: tiny-tool\ndone"),
    ("python3 -m pip install tiny_tool", "Requirement already satisfied: tiny_tool"),
    ("uv pip install --system 'tiny-tool>=1'", "Requirement already satisfied: tiny-tool"),
    ("apt-get update -qq && apt-get install -y curl python3-tiny-tool && echo done", "done"),
  ])
  func whatTheBoxHasIsAccepted(_ command: String, _ output: String) async throws {
    let (text, status) = try await run(command)
    #expect(text == output)
    #expect(status == 0)
  }

  @Test(arguments: [
    ("pip install other", "No matching distribution found for other", 1), ("uvx other", "other was not found", 1),
    ("uvx --with other tiny", "other was not found", 1), ("uv sync", "needs the network", 1),
    ("apt-get install -y jq", "Unable to locate package jq", 100), ("curl -sS http://localhost", "not resolve host", 6),
    ("touch /usr/bin/tiny", "Permission denied", 1),
    ("echo > /usr/lib/python3/dist-packages/tiny_tool/__init__.py", "Read-only file system", 1),
  ])
  func whatItDoesNotHaveIsRefusedByName(_ command: String, _ words: String, _ expected: Int32) async throws {
    let (text, status) = try await run(command)
    #expect(text.contains(words), "\(text)")
    #expect(status == expected)
  }

  @Test func requirementsAreReadFromAFile() async throws {
    let files = ["app/requirements.txt": "# tools\ntiny-tool>=1 # the tool\n", "app/more.txt": "tiny-tool\nother==2\n"]
    #expect(try await run("pip install -r requirements.txt", files: files).status == 0)
    let (text, status) = try await run("pip install -r more.txt", files: files)
    #expect(status == 1 && text.contains("No matching distribution found for other"))
  }

  /// An environment of uv's own does not load the user's packages. The system's Python does.
  @Test func uvxIsApartFromTheUsersPackages() async throws {
    let files = try Self.planted
    #expect(try await run("uvx --from tiny-tool tiny", files: files).text == "tiny [] False")
    #expect(try await run("uv run tiny", files: files).text == "tiny [] False")
    #expect(try await run("tiny", files: files).text == "tiny [] True")
    #expect(try await run("python3 -m tiny_tool", files: files).text == "tiny [] True")
  }

  /// uv's real installer replaces its programs, and keeps a file `env` that stands in its folder.
  @Test func theInstallerKeepsAFileEnvThatIsThere() async throws {
    let install = "curl -LsSf https://astral.sh/uv/0.9.7/install.sh | sh > /dev/null; source $HOME/.local/bin/env; "
    let plain = try await run(install + "command -v uvx; uvx --from tiny-tool tiny")
    #expect(plain.text == "/root/.local/bin/uvx\ntiny [] False")
    let files = [
      "root/.local/bin/env": "uvx() { echo planted; }\n", "root/.local/bin/uvx": "#!/bin/sh\necho planted\n",
    ]
    #expect(
      try await run(install + "uvx; $HOME/.local/bin/uvx --from tiny-tool tiny", files: files).text
        == "planted\ntiny [] False")
  }

  @Test func theUsualBoxHasNoneOfIt() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1))
    for name in ["pip", "uv", "uvx", "apt-get", "curl", "tiny"] {
      #expect(try await sandbox.run("command -v \(name)", in: FileTree()).result.status == 1, "\(name)")
    }
    await sandbox.close()
  }
}
