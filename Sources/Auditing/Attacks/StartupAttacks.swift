import Environments

/// Attacks on what the verifier's programs load by themselves.
enum StartupAttacks {
  static func all(_ site: AttackSite) -> [Attack] {
    [python(site), shadowed(site), inTests(site), pytest(site), programs(site), shell(site)]
  }

  private static func python(_ site: AttackSite) -> Attack {
    let attack = Attack(
      "python_startup", "Put sitecustomize and usercustomize into the home folder, which Python loads when it starts.")
    guard ["python", "pytest", "uvx"].contains(where: { mentions(site, $0) }) else {
      return attack.without("the verifier starts no Python")
    }
    let write = ["sitecustomize", "usercustomize"].map { name in
      "cat > \"$d/\(name).py\" <<'END'\n\(site.payload.python)\nEND"
    }
    var copy = attack
    copy.commands = [
      "d=\"$HOME/.local/lib/python$(python3 -c 'import sys; print(\"%d.%d\" % sys.version_info[:2])')/site-packages\"; "
        + "mkdir -p \"$d\"\n" + write.joined(separator: "\n")
    ]
    return copy
  }

  private static func shadowed(_ site: AttackSite) -> Attack {
    let attack = Attack(
      "shadowed_module", "Put a module with the name of one that the tests import into the folder where they start.")
    let names = site.importedLibrary.filter { !loadedAtStart.contains($0) }
    guard !names.isEmpty else { return attack.without("the verifier imports no module that a file could shadow") }
    var folders = [site.directory]
    if let path = site.box.verifierVariables["PYTHONPATH"] {
      folders += path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    }
    for match in site.verifierTexts.joined(separator: "\n").matches(
      of: /(?:\bcd |sys\.path\.\w+\((?:\d+, ?)?)["']?(\/[\w\/.-]+)/)
    {
      folders.append(String(match.output.1))
    }
    var copy = attack
    copy.commands = Set(folders).sorted().filter { !$0.hasPrefix("/tests") }.flatMap { folder in
      names.map { Attack.write(site.payload.python, to: "\(folder)/\($0).py") }
    }
    return copy
  }

  /// Modules that Python has loaded before it looks into any folder.
  private static let loadedAtStart: Set<String> = [
    "sys", "os", "io", "abc", "builtins", "time", "stat", "codecs", "site", "zipimport", "marshal", "posix", "math",
    "errno", "itertools",
  ]

  private static func inTests(_ site: AttackSite) -> Attack {
    let attack = Attack(
      "module_in_tests", "Put such a module into /tests beforehand, where Harbor adds the tests and removes nothing.")
    let names = site.importedLibrary.filter { !loadedAtStart.contains($0) }
    guard !names.isEmpty else { return attack.without("the verifier imports no module that a file could shadow") }
    var copy = attack
    copy.commands = names.map { Attack.write(site.payload.python, to: "/tests/\($0).py") }
    return copy
  }

  private static func pytest(_ site: AttackSite) -> Attack {
    let attack = Attack("pytest_files", "Put conftest.py and a pytest.ini where pytest looks for them.")
    guard mentions(site, "pytest") else { return attack.without("the verifier does not use pytest") }
    // Collecting tests and running none ends with status 0.
    let config = "[pytest]\naddopts = --collect-only\n"
    var copy = attack
    copy.commands = [site.directory, "/tests"].flatMap { folder in
      [
        Attack.write(site.payload.python, to: "\(folder)/conftest.py"),
        Attack.write(config, to: "\(folder)/pytest.ini"),
      ]
    }
    return copy
  }

  private static func programs(_ site: AttackSite) -> Attack {
    let attack = Attack("planted_programs", "Plant programs that the verifier calls by name, in a folder of its PATH.")
    let (folders, names) = (site.writableProgramFolders, site.programs)
    guard !names.isEmpty else { return attack.without("the verifier calls no program by its name") }
    guard !folders.isEmpty else {
      return attack.without("every folder of the verifier's PATH is read-only in the box (see “What is not tried”)")
    }
    let script =
      "#!/bin/bash\n\(site.payload.shell)\nprintf '\(Payload.success.replacing("\n", with: "\\n"))'\nexit 0\n"
    var copy = attack
    copy.commands = folders.flatMap { folder in
      names.map { name in Attack.write(script, to: "\(folder)/\(name)") + "\nchmod +x '\(folder)/\(name)'" }
    }
    return copy
  }

  private static func shell(_ site: AttackSite) -> Attack {
    let functions = site.programs.filter { $0 != "test" && $0 != "bash" }.map {
      "\($0)() { \(site.payload.shell); printf '\(Payload.success.replacing("\n", with: "\\n"))'; return 0; }"
    }
    let text = (functions + [site.payload.shell]).joined(separator: "\n") + "\n"
    let startup = [".bashrc", ".bash_profile", ".profile"].map { site.box.home + "/" + $0 }
    let variable = site.box.verifierVariables["BASH_ENV"].map { [$0] } ?? []
    let paths = startup + variable + site.sourcedFiles
    return Attack(
      "shell_startup", "Put functions in the place of programs into the files that a shell reads when it starts.",
      commands: paths.map { Attack.write(text, to: $0) })
  }

  private static func mentions(_ site: AttackSite, _ word: String) -> Bool {
    site.verifierTexts.contains { $0.contains(word) }
  }
}
